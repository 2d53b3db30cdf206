using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Overview;

/// <summary>What a managed database needs from somebody, and what is well with it.</summary>
internal static class TargetTasks
{
    /// <summary>A backup that is older loses more than a week.</summary>
    public static readonly TimeSpan OldBackup = TimeSpan.FromDays(7);

    /// <summary>The most urgent first.</summary>
    /// <param name="stage">The target that a release has to pass first; null: there is none.</param>
    public static IReadOnlyList<OverviewTask> Of(TargetRow target, TargetRow? stage, DateTimeOffset now) => target.Status switch
    {
        MigrationStatus.Known status => [.. Migrations(target, status, stage), .. Backups(target, now), .. Verifications(target)],
        MigrationStatus.Down down => [new OverviewTask($"{target.Name} cannot be reached", down.Reason, null, "/targets", "See")],
        MigrationStatus.Foreign => [new OverviewTask($"Another database answers as {target.Name} than before", "Nothing runs on it until an administrator says that it is the right one.", null, $"/migrations/{target.Name}", "Decide")],
        _ => [], // a migration runs at this moment
    };

    /// <summary>Null: nothing is known to be well with it.</summary>
    public static WellLine? Well(TargetRow target, DateTimeOffset now)
    {
        List<WellFact> facts = [];
        if (target.Status is MigrationStatus.Known { NeedsAdoption: false, Pending.Count: 0 })
        {
            facts.Add(new WellFact("migrated"));
        }

        if (target.Verified is { Passed: true, At: var verified })
        {
            facts.Add(new WellFact("verified", verified));
        }

        if (target is { BackedUpAt: { } backup, ProvenAt: not null } && backup >= now - OldBackup)
        {
            facts.Add(new WellFact("backed up and proven", backup));
        }

        return facts.Count == 0 ? null : new WellLine(target.Name, facts, "/targets");
    }

    private static IEnumerable<OverviewTask> Migrations(TargetRow target, MigrationStatus.Known status, TargetRow? stage)
    {
        var (name, address) = (target.Name, $"/migrations/{target.Name}");
        if (status.NeedsAdoption)
        {
            yield return new OverviewTask($"{name} has no history of migrations", "Its tables were made by another program.", null, address, "Adopt");
        }
        else if (status.Pending is { Count: > 0 } pending)
        {
            var title = pending.Count == 1 ? $"1 migration waits on {name}" : $"{pending.Count} migrations wait on {name}";
            yield return (stage?.Status as MigrationStatus.Known)?.Migrations.FirstOrDefault(m => m.Id == pending[^1].Id) switch
            {
                { Last: { Act: MigrationAct.Up, Succeeded: true, FinishedAt: { } ran } } => new OverviewTask(title, $"Ran on {stage!.Name}", ran, address, "Review"),
                { State: MigrationState.Applied } => new OverviewTask(title, $"It is on {stage!.Name} already.", null, address, "Review"),
                null => new OverviewTask(title, $"The first is {pending[0].Name}.", null, address, "Review"),
                _ => new OverviewTask(title, $"Not run on {stage!.Name} yet, which comes first.", null, address, "Review"),
            };
        }
    }

    private static IEnumerable<OverviewTask> Backups(TargetRow target, DateTimeOffset now)
    {
        var name = target.Name;
        if (target.BackedUpAt is not { } backup)
        {
            yield return new OverviewTask($"{name} has no backup", "Last backup: never.", null, "/backups", "Back up");
        }
        else if (target.ProvenAt is null)
        {
            yield return new OverviewTask($"{name} has no proven backup", "None was restored into a scratch database yet. Last taken", backup, "/backups", "Prove");
        }
        else if (backup < now - OldBackup)
        {
            yield return new OverviewTask($"The backup of {name} is old", "Last taken", backup, "/backups", "Back up");
        }
    }

    private static IEnumerable<OverviewTask> Verifications(TargetRow target)
    {
        var address = $"/verification/{target.Name}";
        if (target.Verified is null)
        {
            yield return new OverviewTask($"{target.Name} was never verified", "Nobody knows whether its schema is this release’s.", null, address, "Verify");
        }
        else if (target.Verified is { Passed: false } failed)
        {
            yield return new OverviewTask($"The verification of {target.Name} found {failed.Errors} {(failed.Errors == 1 ? "error" : "errors")}", "Last verified", failed.At, address, "See");
        }
    }
}
