using AdminPortal.Core.Runs;
using AdminPortal.Data.Migrations;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Does a part of a run on a target, with its step, its lines in the portal's journal, and words for how it ended.</summary>
internal sealed class MigrationRecording(RunContext run, MigrationOrder order, MigrationSession session, MigrationJournal journal, int doneBefore, TimeProvider time)
{
    private int done = doneBefore;

    public bool StopsHere => run.StopsHere();

    public NpgsqlConnection Connection => session.Connection;

    /// <param name="acts">The migrations that are done together, each with what is done to it.</param>
    /// <param name="closing">What is on record of them in the target.</param>
    public async Task DoAsync(
        string title, IReadOnlyList<(MigrationScript Script, MigrationAct Act)> acts, IReadOnlyList<MigrationStatement> statements, IReadOnlyList<string> closing, CancellationToken stopping)
    {
        using var step = run.Journal.Begin(title);
        List<long> records = [];
        foreach (var (script, act) in acts)
        {
            records.Add(await journal.BeginAsync(run.Target, order.Identity, script, act, run.Id, run.Actor, run.Reason, stopping));
        }

        var start = time.GetTimestamp();
        try
        {
            await new MigrationExecution(session.Connection, session.ConnectionString, time).RunAsync(statements, closing, step, stopping);
            step.Done($"{time.GetElapsedTime(start).TotalSeconds:F1} s");
            await EndAsync(null);
        }
        catch (OperationCanceledException)
        {
            step.Stopped("Broken off. Its transaction was rolled back; what commits by itself is repeated by the next attempt.");
            await EndAsync("Someone stopped it.");
            throw;
        }
        catch (PostgresException exception) when (!IsGone(exception))
        {
            var words = await MigrationSafety.ExplainAsync(session.ConnectionString, exception);
            step.Failed(words);
            run.Journal.Log($"{exception.SqlState}: {exception.MessageText} {exception.Detail}".Trim());
            await EndAsync(words);
            throw new RunFailedException($"{(acts.Count == 1 ? acts[0].Script.Name : title)}: {words}", exception);
        }

        async Task EndAsync(string? error)
        {
            foreach (var record in records)
            {
                await journal.EndAsync(record, error, CancellationToken.None);
            }
        }
    }

    public void Advance(int migrations) => run.Report(done += migrations, 0, order.Steps.Count);

    /// <summary>The connection or the server went away: the run is taken up again.</summary>
    private static bool IsGone(PostgresException exception) =>
        exception.SqlState.StartsWith("57P", StringComparison.Ordinal) || exception.SqlState.StartsWith("08", StringComparison.Ordinal);
}
