using System.CommandLine;
using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Targets;

/// <summary><c>portal targets [--json]</c>: the managed databases and how they are.</summary>
internal static class TargetsCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON array to standard output, one object per target." };
        var command = new Command("targets", "The managed databases and how they are.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            var targets = await services.Get<TargetList>().ReadAsync(Actor.CommandLine, cancellationToken);
            if (parsed.GetValue(json))
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets.Select(Reported), OperationReport.Json));
                return ExitCodes.Done;
            }

            foreach (var target in targets)
            {
                await Console.Out.WriteLineAsync($"{target.Name,-16} {Words(target)}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static object Reported(TargetRow target)
    {
        var known = target.Status as MigrationStatus.Known;
        return new
        {
            Target = target.Name,
            Result = Words(target),
            Primary = target.IsPrimary,
            target.Requires,
            Identity = known?.Identity.Key,
            ServerVersion = known?.Identity.Version,
            known?.Identity.SizeBytes,
            known?.MigratedTo,
            Pending = known?.Pending.Select(m => m.Id).ToArray() ?? [],
            VerifiedAt = target.Verified?.At,
            Verified = target.Verified?.Passed,
            target.BackedUpAt,
            RunId = target.Running?.Id,
        };
    }

    private static string Words(TargetRow target) => target.Status switch
    {
        MigrationStatus.Known { NeedsAdoption: true } => "made by another program, not adopted",
        MigrationStatus.Known { Pending.Count: 0 } => "up to date",
        MigrationStatus.Known known => $"{known.Pending.Count} pending",
        MigrationStatus.Busy => "migrating",
        MigrationStatus.Foreign => "another database than before",
        MigrationStatus.Down down => $"not reachable: {down.Reason}",
        _ => "unknown",
    };
}
