using System.Globalization;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Starts a backup of every target once a night, as a run of its own each; once a week the run also restores it into a scratch database, which
/// is the proof. A run that fails tells operators by itself.
/// </summary>
internal sealed class NightlyBackupsJob(BackupActs backups, DeviceDatabases databases, TargetAccess access, TimeProvider time) : IPortalJob
{
    private const DayOfWeek ProvenOn = DayOfWeek.Sunday;

    public string Name => JobNames.NightlyBackups;

    public string Title => "Back up every target";

    public string Explanation => "Starts a backup of each target that the portal is deployed on, and on Sundays proves it by restoring it into a scratch database. Targets:NAME:NightlyBackup=false leaves one out.";

    public string DefaultSchedule => "0 10 2 * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        var proves = time.GetUtcNow().DayOfWeek == ProvenOn;
        List<string> started = [], left = [];
        foreach (var target in access.Names.Where(name => access.Settings(name).NightlyBackup))
        {
            if (await ObstacleAsync(target, cancellationToken) is { } obstacle)
            {
                left.Add($"{target} ({obstacle})");
                continue;
            }

            var outcome = await backups.TakeNightlyAsync(target, proves, cancellationToken);
            if (outcome is BackupOutcome.Started)
            {
                started.Add(target);
            }
            else
            {
                left.Add($"{target} (another operation is running)");
            }
        }

        return new JobResult(
            string.Create(CultureInfo.InvariantCulture, $"{started.Count} {(started.Count == 1 ? "backup" : "backups")} started{(proves ? ", each with its proof" : "")}{(started.Count > 0 ? $": {string.Join(", ", started)}" : "")}.{(left.Count > 0 ? $" Left out: {string.Join(", ", left)}." : "")}"),
            new { Started = started, LeftOut = left });
    }

    /// <summary>Null: it is there, and the portal is deployed on it. What is not yet the portal's to look after is not read every night.</summary>
    private async Task<string?> ObstacleAsync(string target, CancellationToken cancellationToken)
    {
        await using var db = databases.CreateDbContext(target);
        return await TargetAvailability.CheckAsync(databases, target, cancellationToken) switch
        {
            TargetAvailability.Down down => down.Reason.TrimEnd('.'),
            TargetAvailability.NotMigrated missing when missing.Pending.Count == db.Database.GetMigrations().Count() => "the portal is not deployed on it",
            _ => null,
        };
    }
}
