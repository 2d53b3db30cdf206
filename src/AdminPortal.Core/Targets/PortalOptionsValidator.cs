using System.Net;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Targets;

/// <summary>Checks section <c>Portal</c> at start; every message names the key and what to write there.</summary>
internal sealed class PortalOptionsValidator : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var failures = new List<string>();
        if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            failures.Add("Portal:PublicUrl must be an absolute http or https address that devices can reach, such as https://portal.example.org.");
        }

        foreach (var proxy in options.KnownProxies)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                failures.Add($"Portal:KnownProxies holds '{proxy}', which is neither an address (10.0.0.5) nor a network (10.0.0.0/8).");
            }
        }

        foreach (var origin in options.AllowedOrigins.Where(origin => !IsOrigin(origin)))
        {
            failures.Add($"Portal:AllowedOrigins holds '{origin}', which is no origin. Write scheme and host as the browser does, such as https://app.example.org; there are no wildcards.");
        }

        if (options.DrainSeconds is < 0 or > 3600)
        {
            failures.Add("Portal:DrainSeconds must lie between 0 (no other instance: stop at once) and 3600.");
        }

        if (options.Targets.Count == 0)
        {
            failures.Add("Portal:Targets names no database. Set Portal__Targets__main__ConnectionString, or remove ConnectionStrings__Portal to run on the embedded PostgreSQL.");
        }
        else if (options.Targets.Count(t => t.Value.Primary) > 1 || (options.Targets.Count > 1 && !options.Targets.Any(t => t.Value.Primary)))
        {
            failures.Add("Portal:Targets needs exactly one primary target. Set Portal__Targets__{name}__Primary=true on one of them.");
        }

        foreach (var (targetName, target) in options.Targets)
        {
            failures.AddRange(new[]
            {
                ConnectionText.Problem($"Portal:Targets:{targetName}:ConnectionString", target.ConnectionString),
                target.OwnerConnectionString is { } owner ? ConnectionText.Problem($"Portal:Targets:{targetName}:OwnerConnectionString", owner) : null,
                options.RequireDatabaseTls ? ConnectionText.PlainProblem($"Portal:Targets:{targetName}:ConnectionString", target.ConnectionString) : null,
                options.RequireDatabaseTls ? ConnectionText.PlainProblem($"Portal:Targets:{targetName}:OwnerConnectionString", target.OwnerConnectionString) : null,
            }.OfType<string>());
            if (target.Requires is { } required && !options.Targets.ContainsKey(required))
            {
                failures.Add($"Portal:Targets:{targetName}:Requires names '{required}', which is not a target. Known: {string.Join(", ", options.Targets.Keys)}.");
            }

            if (target.Mapping?.ToMapping().Problem() is { } mapping)
            {
                failures.Add($"Portal:Targets:{targetName}:Mapping: {mapping}");
            }

            if (target.HostUrl is { Length: > 0 } host && (!Uri.TryCreate(host, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
            {
                failures.Add($"Portal:Targets:{targetName}:HostUrl must be an absolute http or https address, such as https://app.example.org.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase) && !text.Contains('*', StringComparison.Ordinal);
}
