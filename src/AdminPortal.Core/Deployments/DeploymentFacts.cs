using AdminPortal.Core.Backups;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Deployments;

/// <summary>Everything that the portal has on record about one release on one target, read at one time.</summary>
internal sealed class DeploymentFacts
{
    public required string Target { get; init; }

    /// <summary>The required target; the target itself when it requires none.</summary>
    public required string Stage { get; init; }
    public required string Release { get; init; }
    public required IReadOnlyList<string> Releases { get; init; }
    public required IReadOnlyList<MigrationOrderStep> Migrations { get; init; }
    public required DeploymentRun? Run { get; init; }

    /// <summary>True: the device pages and the device API work on this target, so the portal's own endpoints are verified with it.</summary>
    public required bool IsPrimary { get; init; }
    public required bool HasHost { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>Of this very database, oldest first; so are the stage's.</summary>
    public required IReadOnlyList<MigrationRecordRow> Records { get; init; }
    public required IReadOnlyList<MigrationRecordRow> StageRecords { get; init; }

    /// <summary>Complete ones of this very database, newest first.</summary>
    public required IReadOnlyList<BackupRow> Backups { get; init; }

    /// <summary>Of this very database, newest first.</summary>
    public required IReadOnlyList<VerificationResult> Verifications { get; init; }

    /// <summary>Newest first; without their checks.</summary>
    public required IReadOnlyList<VerificationSummary> StageVerifications { get; init; }
    public required IReadOnlyList<RunStepRow> Steps { get; init; }

    /// <summary>What the portal logged as errors while the run worked.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
    public required IReadOnlyDictionary<string, ChecklistNoteRow> Notes { get; init; }

    public bool IsOwnStage => Stage == Target;

    /// <summary>When the latest run began to change the target; null: no run did.</summary>
    public DateTimeOffset? ChangedFrom => Records.Where(r => r.RunId == Run?.Id && r.RunId is not null).Select(r => (DateTimeOffset?)r.StartedAt).FirstOrDefault();

    /// <summary>When the last migration of the release was in place; null: not all were after the latest run, or not through this portal.</summary>
    public DateTimeOffset? MigratedAt => Ran([.. Records.Where(r => !WasTakenBackBefore(r))], DateTimeOffset.MaxValue);

    public DateTimeOffset? RolledBackAt => Records.LastOrDefault(r => r.MigrationId == Release && r.Succeeded == true) is { Act: MigrationAct.Down or MigrationAct.Restored } last ? last.FinishedAt : null;

    /// <summary>When the last migration of the release had run with the same SQL; null: not all of them did.</summary>
    public DateTimeOffset? Ran(IReadOnlyList<MigrationRecordRow> records, DateTimeOffset until)
    {
        var ends = Migrations.Select(m => Last(records, m, MigrationAct.Up, until)?.FinishedAt).ToList();
        return ends.Count == 0 || ends.Contains(null) ? null : ends.Max();
    }

    public static MigrationRecordRow? Last(IReadOnlyList<MigrationRecordRow> records, MigrationOrderStep migration, MigrationAct act, DateTimeOffset until) =>
        records.LastOrDefault(r => r.MigrationId == migration.MigrationId && r.SqlHash == migration.SqlHash && r.Act == act && r.Succeeded == true && r.FinishedAt <= until);

    /// <summary>True for what an earlier attempt applied, and somebody took back before the latest run.</summary>
    private bool WasTakenBackBefore(MigrationRecordRow record) => Records.Any(r => r.MigrationId == record.MigrationId && r.Succeeded == true
        && r.Act is (MigrationAct.Down or MigrationAct.Restored) && r.StartedAt >= record.StartedAt && r.StartedAt < Run?.CreatedAt);

    /// <summary>True for a verification that saw the release in place.</summary>
    public bool SawTheRelease(string? migratedTo) => string.CompareOrdinal(migratedTo, Release) >= 0;
}
