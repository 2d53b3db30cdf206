using System.Text.Json;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Migrations;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Applies migrations to a target, or takes them back, one after the other. Killed in the middle it is taken up again, and
/// goes on from what the target's own history says.
/// </summary>
internal sealed class MigrationWork(
    TargetAccess access, MigrationScripts scripts, DeviceDatabases databases, MigrationJournal journal, MigrationSafety safety, ErrorLog errors, TimeProvider time) : IRunWork
{
    public IReadOnlyCollection<string> Kinds { get; } = [MigrationRuns.Deploy, MigrationRuns.RollBack];

    public async Task WorkAsync(RunContext run, CancellationToken cancellationToken)
    {
        var order = JsonSerializer.Deserialize<MigrationOrder>(run.Parameters)!;
        using var watch = new ErrorWatch(run.Journal, errors);
        // Before any lock: pg_dump would keep the migration waiting.
        if (order.WithBackup && !await safety.BackUpAsync(run, cancellationToken))
        {
            return;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        try
        {
            await MigrateAsync(run, order, stopping.Token);
        }
        catch (OperationCanceledException) when (run.StopRequested && !cancellationToken.IsCancellationRequested)
        {
            run.StopsHere();
            return;
        }

        await safety.VerifyAsync(run, cancellationToken);
    }

    private async Task MigrateAsync(RunContext run, MigrationOrder order, CancellationToken stopping)
    {
        var isUp = run.Kind == MigrationRuns.Deploy;
        using var opening = run.Journal.Begin("Take the lock and compare with the preview");
        await using var session = await OpenAsync(run, order, opening, stopping);
        var applied = session.History.Applied.ToHashSet(StringComparer.Ordinal);
        await journal.ReconcileAsync(run.Target, applied, stopping);
        var rest = order.Steps.Where(s => applied.Contains(s.MigrationId) != isUp).ToList();
        if (Difference(session.History, order, isUp) is { } difference)
        {
            opening.Failed(difference);
            throw new RunFailedException($"{difference} Nothing was changed. Look at the preview again.");
        }

        opening.Done(rest.Count == order.Steps.Count ? "As it was shown." : $"{order.Steps.Count - rest.Count} were done before.");
        await TargetHistory.ExecuteAsync(session.Connection, scripts.HistoryTable, stopping);
        run.Report(order.Steps.Count - rest.Count, 0, order.Steps.Count);
        foreach (var (step, index) in rest.Select((step, index) => (step, index)))
        {
            if (run.StopsHere())
            {
                break;
            }

            await OneAsync(run, order, session, scripts.Find(step.MigrationId)!, isUp, stopping);
            run.Report(order.Steps.Count - rest.Count + index + 1, 0, order.Steps.Count);
        }

        using var closing = run.Journal.Begin("Give the portal's role its rights, and read the types again");
        await RuntimeGrants.ApplyAsync(session.Connection, access.RuntimeRole(run.Target), CancellationToken.None);
        await databases.ReloadTypesAsync(run.Target, CancellationToken.None);
        closing.Done();
    }

    private async Task<MigrationSession> OpenAsync(RunContext run, MigrationOrder order, RunStepProgress step, CancellationToken cancellationToken)
    {
        try
        {
            return await MigrationSession.OpenAsync(access, order.Identity, run, step, time, cancellationToken);
        }
        catch (RunFailedException failure)
        {
            step.Failed(failure.Message);
            throw;
        }
    }

    private async Task OneAsync(RunContext run, MigrationOrder order, MigrationSession session, MigrationScript script, bool isUp, CancellationToken stopping)
    {
        using var step = run.Journal.Begin(isUp ? $"Apply {script.Name}" : $"Take back {script.Name}");
        var record = await journal.BeginAsync(run.Target, order.Identity, script, isUp ? MigrationAct.Up : MigrationAct.Down, run.Id, run.Actor, run.Reason, stopping);
        var start = time.GetTimestamp();
        try
        {
            await new MigrationExecution(session.Connection, session.ConnectionString, time).RunAsync(
                isUp ? script.Up : script.Down, isUp ? scripts.HistoryInsert(script.Id) : scripts.HistoryDelete(script.Id), step, stopping);
            step.Done($"{time.GetElapsedTime(start).TotalSeconds:F1} s");
            await journal.EndAsync(record, null, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            step.Stopped("Broken off. Its transaction was rolled back; what commits by itself is repeated by the next attempt.");
            await journal.EndAsync(record, "Someone stopped it.", CancellationToken.None);
            throw;
        }
        catch (PostgresException exception) when (!IsGone(exception))
        {
            var words = await MigrationSafety.ExplainAsync(session.ConnectionString, exception);
            step.Failed(words);
            run.Journal.Log($"{exception.SqlState}: {exception.MessageText} {exception.Detail}".Trim());
            await journal.EndAsync(record, words, CancellationToken.None);
            throw new RunFailedException($"{script.Name}: {words}", exception);
        }
    }

    /// <summary>Null: the target's history is the one that was shown, or further along the same way.</summary>
    private string? Difference(TargetHistory history, MigrationOrder order, bool isUp)
    {
        if (order.Steps.FirstOrDefault(s => scripts.Find(s.MigrationId)?.SqlHash != s.SqlHash) is { } foreign)
        {
            return $"“{MigrationScript.NameOf(foreign.MigrationId)}” has another SQL in this build.";
        }

        var planned = order.Steps.Select(s => s.MigrationId).ToHashSet(StringComparer.Ordinal);
        var applied = history.Applied.ToHashSet(StringComparer.Ordinal);
        var surprise = isUp
            ? scripts.All.Select(m => m.Id).FirstOrDefault(id => !applied.Contains(id) && !planned.Contains(id))
            : history.Applied.FirstOrDefault(id => !planned.Contains(id) && string.CompareOrdinal(id, order.Steps[^1].MigrationId) > 0);
        return surprise is null ? null : $"“{MigrationScript.NameOf(surprise)}” was not part of what was shown.";
    }

    /// <summary>The connection or the server went away: the run is taken up again.</summary>
    private static bool IsGone(PostgresException exception) =>
        exception.SqlState.StartsWith("57P", StringComparison.Ordinal) || exception.SqlState.StartsWith("08", StringComparison.Ordinal);
}
