using System.CommandLine;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.SampleData;

/// <summary>
/// <c>portal sample --pairings N [--target NAME] [--force]</c>: a crowd of sample people and devices, to see how the portal
/// does with many.
/// </summary>
internal static class FillSampleCommand
{
    /// <summary>Gives the command <c>sample</c> its own options and work, beside its verbs.</summary>
    public static void AddTo(Command command)
    {
        var pairings = new Option<int?>("--pairings") { Description = "How many paired devices to add, with people, permissions and history to match.", HelpName = "N" };
        var target = new Option<string?>("--target") { Description = "The managed database to fill; default: the primary one.", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "Also into a protected target, or beside devices that are no sample." };
        pairings.Check(count => count is < 1 or > SampleCrowd.MaximumPairings ? $"--pairings must be between 1 and {SampleCrowd.MaximumPairings:N0}." : null);
        command.Options.Add(pairings);
        command.Options.Add(target);
        command.Options.Add(force);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(pairings) ?? throw new CommandFailedException("Say how many: portal sample --pairings 1000000. To remove the sample: portal sample clear.", ExitCodes.Usage);
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            await FillAsync(services, parsed.GetValue(target), count, parsed.GetValue(force), cancellationToken);
            return 0;
        });
    }

    private static async Task FillAsync(CommandServices services, string? target, int pairings, bool force, CancellationToken cancellationToken)
    {
        var known = services.Get<DeviceDatabases>();
        target ??= known.PrimaryName;
        if (!known.Names.Contains(target, StringComparer.OrdinalIgnoreCase))
            throw new CommandFailedException($"There is no target '{target}'. Known: {string.Join(", ", known.Names)}.", ExitCodes.Usage);
        if (await TargetAvailability.CheckAsync(known, target, cancellationToken) is TargetAvailability.NotMigrated)
            throw new CommandFailedException($"{target} lacks migrations. Run: portal migrate deploy --target {target}", ExitCodes.Refused);

        switch (await services.Get<SampleCrowd>().FillAsync(target, pairings, force, new Line(), cancellationToken))
        {
            case SampleCrowdOutcome.Refused refused:
                throw new CommandFailedException(refused.Reason, ExitCodes.Refused);
            case SampleCrowdOutcome.Done done:
                await Console.Out.WriteLineAsync(
                    $"{target}: {done.Users:N0} people, {done.Pairings:N0} devices and {done.Permissions:N0} permissions in {done.Took.TotalSeconds:N0} s. Remove them with: portal sample clear");
                break;
        }
    }

    /// <summary>On the caller's thread, so that lines come in order.</summary>
    private sealed class Line : IProgress<int>
    {
        public void Report(int value)
        {
            if (value % 100_000 == 0)
                Console.Error.WriteLine($"{value:N0} devices written …");
        }
    }
}
