using AdminPortal.Core.Backups;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Runs;
using AdminPortal.Web.Activity;

namespace AdminPortal.Web.Runs;

/// <summary>Where a run leads: what it touched, what came of it, what is next.</summary>
internal static class RunNext
{
    /// <summary>The most useful first.</summary>
    public static IReadOnlyList<(string Text, string Address)> Of(RunRow run)
    {
        List<(string, string)> links = [];
        if (run.BackupId is { } backup)
        {
            links.Add(("The backup that it took", $"/backups/{backup}"));
        }

        if (run.Kind.StartsWith("devices.", StringComparison.Ordinal))
        {
            links.Add(("What it did to each device", $"{ActivityAddress.Path}?run={Uri.EscapeDataString(run.Id)}"));
            links.Add(("Devices (CSV)", $"{ActivityAddress.CsvPath}?run={Uri.EscapeDataString(run.Id)}"));
        }
        else if (run.Kind is MigrationRuns.Deploy or MigrationRuns.RollBack or MigrationRuns.Adopt)
        {
            links.Add((run.State == RunState.Failed ? $"What stands in the way on {run.Target}" : $"Migrations of {run.Target}", $"/migrations/{run.Target}"));
            links.Add(("The release on its way", "/targets"));
            links.Add(($"Checklist of {run.Target}", $"/deployments/{run.Target}"));
        }
        else if (run.Kind is BackupRunKinds.Take or BackupRunKinds.Prove or BackupRunKinds.Restore)
        {
            links.Add(("All backups", "/backups"));
            links.Add(("The release on its way", "/targets"));
        }
        else
        {
            links.Add(($"Verification of {run.Target}", $"/verification/{run.Target}"));
        }

        return links;
    }
}
