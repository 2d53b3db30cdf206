using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What stands around a migration: the backup before, the verification after, and words for a failure.</summary>
internal sealed class MigrationSafety(BackupTaking backups, Verifications verifications)
{
    /// <summary>False: someone asked the run to stop. In a run that is taken up again the backup that it took counts.</summary>
    /// <exception cref="RunFailedException">No complete backup came of it.</exception>
    public async Task<bool> BackUpAsync(RunContext run, CancellationToken cancellationToken) => await backups.TakeAsync(run.Target, run, cancellationToken) is not null;

    /// <summary>Records the evidence with the run.</summary>
    /// <exception cref="RunFailedException">Checks failed. The migrations stay as they are.</exception>
    public async Task VerifyAsync(RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Verify the database");
        var result = await verifications.RunAsync(
            run.Target, new VerificationScope(WithData: false, PendingIsMeant: run.Kind == MigrationRuns.RollBack), run.Actor, run.Id, cancellationToken);
        if (!result.Passed)
        {
            var failed = result.WorstFirst.First(c => !c.Passed);
            step.Failed($"{result.Errors} failed: {failed.Title}");
            throw new RunFailedException($"The migrations are done, and the verification after them failed: {failed.Title} See the page Verification.");
        }

        step.Done(result.Warnings == 0 ? $"All {result.Checks.Count} checks passed." : $"Passed, with {result.Warnings} warnings.");
    }

    /// <summary>What an error of PostgreSQL means, and what to do.</summary>
    public static async Task<string> ExplainAsync(string connectionString, PostgresException exception)
    {
        if (exception.Data[MigrationExecution.HolderKey] is string holder)
        {
            return $"It waited eight times for a lock and gave up; nothing of this migration was changed. {holder}";
        }

        await using var connection = await TargetConnection.OpenAsync(connectionString, CancellationToken.None);
        return await FailureDiagnosis.OfAsync(exception, connection, CancellationToken.None) is { } diagnosis
            ? $"{diagnosis.Explanation} {diagnosis.Remedy}"
            : $"{exception.MessageText} ({exception.SqlState}){(exception.SqlState == PostgresErrorCodes.DependentObjectsStillExist ? $": {exception.Detail}" : "")}";
    }
}
