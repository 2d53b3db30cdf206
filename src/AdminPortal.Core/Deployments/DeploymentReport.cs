using AdminPortal.Core.Backups;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Verification;

namespace AdminPortal.Core.Deployments;

/// <summary>Everything about one release on one target that somebody may want on paper; times in UTC.</summary>
/// <param name="Database">Which database it was: the server's identifier and the name.</param>
/// <param name="Approval">What the run was approved by; null: it is not on record.</param>
/// <param name="Backup">The one that the checklist names; null: there is none.</param>
/// <param name="Steps">Of the run.</param>
/// <param name="Verification">The latest that saw the release in place.</param>
public sealed record DeploymentReport(
    DeploymentChecklist Checklist, string? Database, IReadOnlyList<ReportedMigration> Migrations, ApprovalRow? Approval, BackupRow? Backup, IReadOnlyList<RunStepRow> Steps,
    VerificationResult? Verification, DateTimeOffset MadeAt);

/// <summary>One migration of a release and what was last done with it.</summary>
public sealed record ReportedMigration(string Id, string SqlHash, MigrationRecordRow? Last)
{
    public string Name => MigrationScript.NameOf(Id);
}
