using Microsoft.Extensions.Options;
using Quartz;

namespace AdminPortal.Core.Jobs;

/// <summary>Section <c>Jobs</c> of the configuration: a job's name and its schedule, or <see cref="Off"/>.</summary>
public sealed class JobOptions : Dictionary<string, string>
{
    public const string Section = "Jobs";

    /// <summary>The job runs only when a person asks for it.</summary>
    public const string Off = "off";

    public JobOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}

/// <summary>Every message names the key and what to write there.</summary>
internal sealed class JobOptionsValidator(IEnumerable<IPortalJob> jobs) : IValidateOptions<JobOptions>
{
    public ValidateOptionsResult Validate(string? name, JobOptions options)
    {
        var known = jobs.Select(job => job.Name).ToList();
        var failures = options.Where(o => !known.Contains(o.Key, StringComparer.OrdinalIgnoreCase))
            .Select(o => $"Jobs:{o.Key} is no job. Known: {string.Join(", ", known)}.")
            .Concat(options.Where(o => o.Value != JobOptions.Off && !CronExpression.TryParse(o.Value, out _))
                .Select(o => $"Jobs:{o.Key} is '{o.Value}', which is no schedule. Write a Quartz cron expression in UTC such as \"0 10 3 * * ?\" (daily at 03:10), or off."))
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
