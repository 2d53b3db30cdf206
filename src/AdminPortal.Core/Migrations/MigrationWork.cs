using System.Text.Json;
using AdminPortal.Core.Hosts;
using AdminPortal.Core.Monitoring;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Applies migrations to a target, or takes them back, one after the other. Killed in the middle it is taken up again, and
/// goes on from what the target's own history says.
/// </summary>
internal sealed class MigrationWork(
    TargetAccess access, HostMappings mappings, DeviceDatabases databases, MigrationJournal journal, MigrationSafety safety, ErrorLog errors, TimeProvider time) : IRunWork
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
        var set = await mappings.SetAsync(run.Target, stopping);
        using var opening = run.Journal.Begin("Take the lock and compare with the preview");
        await using var session = await OpenAsync(run, order, opening, stopping);
        var applied = session.History.Applied.ToHashSet(StringComparer.Ordinal);
        await journal.ReconcileAsync(run.Target, applied, stopping);
        IReadOnlyList<MigrationScript> rest = [.. order.Steps.Where(s => applied.Contains(s.MigrationId) != isUp).Select(s => set.Find(s.MigrationId) ?? throw new RunFailedException($"“{MigrationScript.NameOf(s.MigrationId)}” is none of this target's: its mapping was changed. Nothing was changed."))];
        if (Difference(set, session.History, order, isUp) is { } difference)
        {
            opening.Failed(difference);
            throw new RunFailedException($"{difference} Nothing was changed. Look at the preview again.");
        }

        opening.Done(rest.Count == order.Steps.Count ? "As it was shown." : $"{order.Steps.Count - rest.Count} were done before.");
        await TargetHistory.ExecuteAsync(session.Connection, set.HistoryTable, stopping);
        await MigrationSteps.EnsureAsync(session.Connection, stopping);
        run.Report(order.Steps.Count - rest.Count, 0, order.Steps.Count);
        var recording = new MigrationRecording(run, order, session, journal, order.Steps.Count - rest.Count, time);
        await (isUp ? new MigrationWayUp(set, recording, access.RuntimeRole(run.Target)).RunAsync(rest, stopping) : new MigrationWayBack(set, recording).RunAsync(rest, stopping));
        if (isUp && set.People is not null)
        {
            await RawTokens.HashAsync(run, session.Connection, stopping);
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

    /// <summary>Null: the target's history is the one that was shown, or further along the same way.</summary>
    private static string? Difference(MigrationSet set, TargetHistory history, MigrationOrder order, bool isUp)
    {
        if (order.Steps.FirstOrDefault(s => set.Find(s.MigrationId)?.SqlHash != s.SqlHash) is { } foreign)
        {
            return $"“{MigrationScript.NameOf(foreign.MigrationId)}” has another SQL in this build.";
        }

        var planned = order.Steps.Select(s => s.MigrationId).ToHashSet(StringComparer.Ordinal);
        var applied = history.Applied.ToHashSet(StringComparer.Ordinal);
        var surprise = isUp
            ? set.All.Select(m => m.Id).FirstOrDefault(id => !applied.Contains(id) && !planned.Contains(id))
            : history.Applied.FirstOrDefault(id => !planned.Contains(id) && string.CompareOrdinal(id, order.Steps[^1].MigrationId) > 0);
        return surprise is null ? null : $"“{MigrationScript.NameOf(surprise)}” was not part of what was shown.";
    }
}
