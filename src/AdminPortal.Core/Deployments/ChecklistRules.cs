using AdminPortal.Core.Backups;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Verification;
using AdminPortal.Data.Migrations;
using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Deployments;

/// <summary>
/// The six lines of the guides' deployment checklist, each with the records that prove it. What is not on record is open, also
/// when it may have happened elsewhere.
/// </summary>
internal static class ChecklistRules
{
    /// <summary>A backup from before the deployment must not be older: what people did since would be lost with it.</summary>
    public static readonly TimeSpan BackupAge = TimeSpan.FromHours(24);

    private static readonly string[] IndexChecks = ["indexes", "invalid-indexes"];

    public static IReadOnlyList<ChecklistLine> Of(DeploymentFacts facts) =>
        [.. new[] { Backup(facts), Staging(facts), Endpoints(facts), ErrorLog(facts), Indexes(facts), RollBack(facts) }.Select(line => WithNote(line, facts))];

    /// <summary>
    /// The release's own backup: the one that its run took, else the newest from shortly before it. An older one that was proven
    /// does not stand in for it, since it lacks what people did in between.
    /// </summary>
    public static BackupRow? BackupOf(DeploymentFacts facts)
    {
        var before = facts.ChangedFrom ?? facts.Now;
        var backups = facts.Backups.Where(b => b.FinishedAt <= before && b.FinishedAt >= before - BackupAge).ToList();
        return backups.Find(b => b.RunId == facts.Run?.Id) ?? backups.FirstOrDefault();
    }

    /// <summary>The newest backup that a deployment now could lean on: of the last 24 hours, and from after the release was last taken back.</summary>
    public static BackupRow? FreshBackupOf(DeploymentFacts facts) =>
        facts.Backups.FirstOrDefault(b => b.FinishedAt >= facts.Now - BackupAge && !(b.FinishedAt < facts.RolledBackAt));

    /// <summary>The latest verification that saw the release in place.</summary>
    public static VerificationResult? VerificationOf(DeploymentFacts facts)
    {
        var since = facts.MigratedAt;
        return facts.Verifications.FirstOrDefault(v => (since is null || v.StartedAt >= since) && facts.SawTheRelease(v.MigratedTo));
    }

    private static ChecklistLine Backup(DeploymentFacts facts)
    {
        const string Id = "backup", Title = "A backup was taken, and proven by a restore";
        if (BackupOf(facts) is not { } backup)
        {
            return Open(Id, Title, facts.ChangedFrom is null
                ? "There is no backup of the last 24 hours. The deployment takes one first, unless somebody says why not."
                : "There is no backup of the 24 hours before the deployment.");
        }

        var link = new ChecklistLink($"/backups/{backup.Id}", "The backup");
        var what = $"{backup.FileName}, SHA-256 {backup.Sha256?[..12]}";
        return backup.RestoredAt is null
            ? Open(Id, Title, $"{what}: readable for pg_restore, and not yet proven by a restore. Its page does that.", link)
            : Proven(Id, Title, $"{what}: restored into a scratch database with the same rows in every table.", link);
    }

    private static ChecklistLine Staging(DeploymentFacts facts)
    {
        var id = "staging";
        var title = $"The same SQL ran on {facts.Stage}, and was verified there";
        var until = facts.IsOwnStage ? DateTimeOffset.MaxValue : facts.Run?.CreatedAt ?? DateTimeOffset.MaxValue;
        if (facts.Ran(facts.StageRecords, until) is not { } ran)
        {
            var missing = facts.Migrations.Where(m => DeploymentFacts.Last(facts.StageRecords, m, MigrationAct.Up, until) is null).Select(m => MigrationScript.NameOf(m.MigrationId)).ToList();
            return Open(id, title, $"{Sentence(missing.Count, facts.Migrations.Count)} not seen to run there{(facts.IsOwnStage ? "" : " before")}.", details: missing);
        }

        var verified = facts.StageVerifications.Where(v => v.StartedAt >= ran && v.StartedAt <= until && facts.SawTheRelease(v.MigratedTo)).ToList();
        return verified switch
        {
            [] => Open(id, title, "It ran there, and was not verified afterwards."),
            [{ Passed: false } failed, ..] => Open(id, title, $"It ran there, and the verification after it found {failed.Errors} errors.", LinkOf(failed.RunId, facts.Stage)),
            [var passed, ..] => Proven(id, title, $"{(facts.Migrations.Count == 1 ? "Its migration" : $"All {facts.Migrations.Count} migrations")} ran there with the same SQL; the verification after passed.", LinkOf(passed.RunId, facts.Stage)),
        };
    }

    private static ChecklistLine Endpoints(DeploymentFacts facts)
    {
        const string Id = "endpoints", Title = "The API endpoints work after the deployment";
        if (!facts.IsPrimary && !facts.HasHost)
        {
            return Open(Id, Title, $"No endpoint is known that works on this database. With Portal:Targets:{facts.Target}:HostUrl the host application’s are called.");
        }

        string[] asked = [.. facts.IsPrimary ? ["api"] : Array.Empty<string>(), .. facts.HasHost ? ["host-api"] : Array.Empty<string>(), "round-trip"];
        return After(facts, Id, Title, asked, needsAnswer: true, "The endpoints answered, and a device could be paired, given a permission, recognised and ended.");
    }

    private static ChecklistLine Indexes(DeploymentFacts facts) =>
        After(facts, "indexes", "Every index was created and is valid", IndexChecks, needsAnswer: false, "Every index of this release is there and valid.");

    /// <summary>What the latest verification that saw the release says about some checks.</summary>
    /// <param name="needsAnswer">True: a check that only found that nobody answered proves nothing.</param>
    private static ChecklistLine After(DeploymentFacts facts, string id, string title, string[] asked, bool needsAnswer, string proven)
    {
        if (facts.Run is not null && facts.MigratedAt is null)
        {
            return Open(id, title, "The release is not in place yet.");
        }

        if (VerificationOf(facts) is not { } verification)
        {
            return Open(id, title, "The target was not verified with this release in place.", new ChecklistLink($"/verification/{facts.Target}", "Verification"));
        }

        var checks = verification.Checks.Where(c => asked.Contains(c.Id)).ToList();
        var failed = checks.Where(c => !c.Passed || (needsAnswer && c.Findings.Count > 0)).ToList();
        var link = LinkOf(verification.RunId, facts.Target);
        return failed.Count > 0 || checks.Count < asked.Length
            ? Open(id, title, "The verification after it does not prove this.", link, [.. failed.Select(c => $"{c.Title}: {c.Actual}")])
            : Proven(id, title, proven, link);
    }

    private static ChecklistLine ErrorLog(DeploymentFacts facts)
    {
        const string Id = "error-log", Title = "The error log was watched during the deployment";
        if (facts.Run is not { } run)
        {
            return Open(Id, Title, "The release was not deployed through this portal yet. The portal’s own log is watched while it is.");
        }

        var link = ChecklistLink.Run(run.Id);
        return facts.Steps.Where(s => s.Title == ErrorWatch.StepTitle).ToList() switch
        {
            [] when run.IsFinished => Open(Id, Title, "Nobody watched it.", link),
            [] => Open(Id, Title, "The run has not begun yet.", link),
            var watches when watches.Exists(s => s.State == RunStepState.Failed) || facts.Errors.Count > 0 =>
                Open(Id, Title, "The portal logged errors meanwhile. Look whether the release is their cause.", link, facts.Errors),
            var watches when watches.Exists(s => s.State == RunStepState.Interrupted) =>
                Open(Id, Title, "The portal’s process ended in the middle: what it logged last was not counted.", link),
            var watches when watches.Exists(s => s.State == RunStepState.Running) => Open(Id, Title, "It is being watched: no errors so far.", link),
            _ => Proven(Id, Title, "The portal logged no error from the start of the run to its end.", link),
        };
    }

    private static ChecklistLine RollBack(DeploymentFacts facts)
    {
        const string Id = "rollback";
        var title = $"The way back was tried on {facts.Stage}";
        var downs = facts.Migrations.Select(m => (m.MigrationId, Last: DeploymentFacts.Last(facts.StageRecords, m, MigrationAct.Down, DateTimeOffset.MaxValue))).ToList();
        var missing = downs.Where(d => d.Last is null).Select(d => MigrationScript.NameOf(d.MigrationId)).ToList();
        if (missing.Count > 0)
        {
            return Open(Id, title, $"{Sentence(missing.Count, downs.Count)} not seen to be taken back there.", details: missing);
        }

        var last = downs.MaxBy(d => d.Last!.FinishedAt).Last!;
        var link = last.RunId is { } run ? ChecklistLink.Run(run) : null;
        return facts.StageVerifications.FirstOrDefault(v => v.RunId == last.RunId && v.RunId is not null) is { Passed: true }
            ? Proven(Id, title, "It was taken back there, and the verification after passed.", link)
            : Open(Id, title, "It was taken back there, and no verification after it passed.", link);
    }

    private static ChecklistLink LinkOf(string? runId, string target) => runId is null ? new ChecklistLink($"/verification/{target}", "Verification") : ChecklistLink.Run(runId);

    private static string Sentence(int missing, int all) => all == 1 ? "Its migration was" : missing == 1 ? $"1 of its {all} migrations was" : $"{missing} of its {all} migrations were";

    private static ChecklistLine Open(string id, string title, string found, ChecklistLink? link = null, IReadOnlyList<string>? details = null) =>
        new(id, title, ChecklistLineState.Open, found, link, details);

    private static ChecklistLine Proven(string id, string title, string found, ChecklistLink? link) => new(id, title, ChecklistLineState.Proven, found, link);

    private static ChecklistLine WithNote(ChecklistLine line, DeploymentFacts facts) => facts.Notes.GetValueOrDefault(line.Id) is not { } note
        ? line
        : line with { Note = note, State = line.IsDone ? line.State : ChecklistLineState.ByHand };
}
