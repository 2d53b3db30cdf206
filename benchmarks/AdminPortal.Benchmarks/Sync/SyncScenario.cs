using System.Diagnostics;
using System.Text.Json;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Sync.Simulation;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Benchmarks.Sync;

/// <summary>A full push and a full page of a pull beside the SQL that writes and reads the same rows, and what a large backlog does to others.</summary>
internal sealed class SyncScenario : IScenario
{
    private const int Operations = 100;
    private const int Rows = 500;
    private const int Backlog = 100_000;

    private const string Insert = """
        INSERT INTO public.tasks (id, "userId", title, "clientId", "createdAt", "updatedAt")
        SELECT t.id, $1, t.title, t.id, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc' FROM unnest($2::text[], $3::text[]) AS t(id, title)
        """;

    private const string Ledger = """
        INSERT INTO sync.ops ("userId", "opId", "payloadHash", result) SELECT $1, o.id, o.hash, o.result::jsonb FROM unnest($2::text[], $3::bytea[], $4::text[]) AS o(id, hash, result)
        """;

    private const string Read = """
        SELECT c."entityId", c.version, t."clientId", t.title, t.notes, t.status, t."dueAt", t."completedAt"
        FROM sync.changes c JOIN public.tasks t ON t.id = c."entityId" WHERE c."userId" = $1 AND c.version > 0 ORDER BY c.version LIMIT $2
        """;

    public string Name => "Sync";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        await using var portal = await BenchmarkPortal.StartAsync(world, cancellationToken);
        if (portal is null)
        {
            report.Note("Left out: a database was given, and these need the portal's own beside it.");
            return;
        }

        var callers = new List<SyncCaller>();
        foreach (var pairing in await portal.Services.GetRequiredService<SimulatedPeople>().CreateAsync(4 * SimulatedPeople.DevicesEach, cancellationToken))
        {
            var caller = new SyncCaller(pairing.UserId, pairing.DeviceId);
            await portal.Services.GetRequiredService<SyncRegistration>().RegisterAsync(caller, new RegistrationRequest("benchmark", null, "1.0", 1, null), cancellationToken);
            callers.Add(caller);
        }

        // Whoever writes by hand is another person: a push gives versions to everything that was written of its own.
        var (writer, reader, other, byHand) = (callers[0], callers[SimulatedPeople.DevicesEach], callers[2 * SimulatedPeople.DevicesEach], callers[3 * SimulatedPeople.DevicesEach].UserId);
        var (push, pull, source) = (portal.Services.GetRequiredService<SyncPush>(), portal.Services.GetRequiredService<SyncPull>(), portal.Services.GetRequiredService<DeviceDatabases>().KeyedDataSource);
        await report.CompareAsync($"push of {Operations} creates, beside the same rows by hand", () => PushAsync(push, writer, cancellationToken), () => InsertWholeAsync(source, byHand, cancellationToken));
        await report.CompareAsync($"push of {Operations} creates, beside the tasks alone", () => PushAsync(push, writer, cancellationToken), () => InsertAsync(source, byHand, Operations, cancellationToken));
        await InsertAsync(source, reader.UserId, Rows, cancellationToken);
        await pull.PullAsync(reader, new PullWish(1, null, Rows), cancellationToken); // gives them their versions
        await report.CompareAsync($"pull of {Rows} rows", () => pull.PullAsync(reader, new PullWish(1, null, Rows), cancellationToken), () => ReadAsync(source, reader.UserId, cancellationToken));
        await BacklogAsync(push, pull, source, writer, other, report, cancellationToken);
    }

    /// <summary>Somebody comes back to a hundred thousand changes: others must not notice.</summary>
    private static async Task BacklogAsync(SyncPush push, SyncPull pull, NpgsqlDataSource source, SyncCaller busy, SyncCaller other, Report report, CancellationToken cancellationToken)
    {
        await InsertAsync(source, busy.UserId, Backlog, cancellationToken);
        var watch = Stopwatch.StartNew();
        var reading = Task.Run(async () =>
        {
            string? cursor = null;
            PullOutcome.Done page;
            do
            {
                page = (PullOutcome.Done)await pull.PullAsync(busy, new PullWish(1, cursor, Rows), cancellationToken);
                cursor = page.Cursor;
            }
            while (page.HasMore);
        }, cancellationToken);
        var times = new List<double>();
        while (!reading.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            await PushAsync(push, other, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await reading;
        times.Sort();
        report.Note($"While one person reads {Backlog:N0} changes in {watch.Elapsed.TotalSeconds:N1} s, pushes of {Operations} by another take {times[times.Count / 2]:N1} ms (median), {times[^1]:N1} ms at most, of {times.Count}.");
    }

    private static Task<PushOutcome> PushAsync(SyncPush push, SyncCaller caller, CancellationToken cancellationToken) => push.PushAsync(
        caller,
        new PushBatch(1, [.. Enumerable.Range(0, Operations).Select(i => JsonSerializer.SerializeToElement(new { opId = Ids.New(), entity = "task", op = "create", clientId = Ids.New(), fields = new { title = $"Task {i}" } }))]),
        cancellationToken);

    /// <summary>All that a push leaves: tasks, versions, known client ids, and the answers for whoever asks again.</summary>
    private static async Task InsertWholeAsync(NpgsqlDataSource source, string userId, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(Insert, userId, Ids(), Texts());
        Add("SELECT sync.stamp($1)", userId);
        Add(Ledger, userId, Ids(), Enumerable.Range(0, Operations).Select(_ => new byte[32]).ToArray(), Enumerable.Range(0, Operations).Select(_ => """{"status":"applied"}""").ToArray());
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        string[] Ids() => [.. Enumerable.Range(0, Operations).Select(_ => Data.Ids.New())];
        string[] Texts() => [.. Enumerable.Range(0, Operations).Select(i => $"Task {i}")];
        void Add(string sql, params object[] values)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            batch.BatchCommands.Add(command);
        }
    }

    private static async Task InsertAsync(NpgsqlDataSource source, string userId, int rows, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Insert);
        command.Parameters.Add(new NpgsqlParameter { Value = userId });
        command.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, rows).Select(_ => Ids.New()).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, rows).Select(i => $"Task {i}").ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ReadAsync(NpgsqlDataSource source, string userId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Read);
        command.Parameters.Add(new NpgsqlParameter { Value = userId });
        command.Parameters.Add(new NpgsqlParameter { Value = Rows });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            reader.GetString(3);
        }
    }
}
