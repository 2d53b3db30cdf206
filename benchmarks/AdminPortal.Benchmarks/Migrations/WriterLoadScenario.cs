using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Benchmarks.Migrations;

/// <summary>
/// What writers of the host application notice of the migrations that come before everything else: the longest that any of
/// them waits while the portal applies them, beside the same statements the plain way, in one transaction.
/// </summary>
internal sealed class WriterLoadScenario : IScenario
{
    private const string Baseline = "baseline";
    private const string Last = "add_mobile_sync_support_users_last_synced_at";
    private const int Tasks = 10_000_000;
    private const int People = 10_000;
    private const int Writers = 4;

    private static readonly string[] Fill =
    [
        $"""INSERT INTO public.users (id, email, "updatedAt") SELECT 'u' || i, 'u' || i || '@example.org', now() FROM generate_series(1, {People}) i""",
        $"""INSERT INTO public.tasks (id, "userId", title, "updatedAt") SELECT 't' || i, 'u' || (i % {People} + 1), 'Task ' || i, now() FROM generate_series(1, {Tasks}) i""",
        $"""INSERT INTO public.focus_sessions (id, "userId", "taskId", "startedAt", "durationSeconds", "updatedAt") SELECT 's' || i, 'u' || (i % {People} + 1), 't' || i, now(), 1500, now() FROM generate_series(1, {Tasks / 4}) i""",
        "VACUUM (ANALYZE)",
    ];

    public string Name => "Writers during a migration";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        if (await world.NewDatabaseAsync("writers", template: null, cancellationToken) is not { } filled)
        {
            report.Note("Left out: it makes databases of its own, and one was given.");
            return;
        }

        var scripts = new MigrationScripts();
        await using (var connection = await OpenAsync(filled, cancellationToken))
        {
            await ExecuteAsync(connection, scripts.HistoryTable, cancellationToken);
            foreach (var sql in scripts.FindByName(Baseline)!.Up.Select(s => s.Sql).Append(scripts.HistoryInsert(scripts.FindByName(Baseline)!.Id)).Concat(Fill))
            {
                await ExecuteAsync(connection, sql, cancellationToken);
            }
        }

        NpgsqlConnection.ClearAllPools();
        var plain = (await world.NewDatabaseAsync("writers_plain", template: "writers", cancellationToken))!;
        MigrationScript[] phase = [.. scripts.All.SkipWhile(m => m.Name != Baseline).Skip(1).TakeWhile(m => string.CompareOrdinal(m.Id, scripts.FindByName(Last)!.Id) <= 0)];
        var ours = await MeasureAsync(filled, connection => ApplyAsync(connection, filled, scripts, phase, cancellationToken), cancellationToken);
        var theirs = await MeasureAsync(plain, connection => ApplyPlainAsync(connection, phase, cancellationToken), cancellationToken);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{phase.Length} migrations over {Tasks:N0} tasks and {Tasks / 4:N0} focus sessions, while {Writers} writers change and add tasks. {ours.Say("As the portal applies them")} {theirs.Say("The same statements in one transaction, without CONCURRENTLY")}"));
    }

    /// <summary>Each migration as a run applies it, with its time limits for locks.</summary>
    private static async Task ApplyAsync(NpgsqlConnection connection, string connectionString, MigrationScripts scripts, MigrationScript[] migrations, CancellationToken cancellationToken)
    {
        foreach (var migration in migrations)
        {
            using var step = new RunJournal("", 0, 0, TimeProvider.System).Begin("");
            await new MigrationExecution(connection, connectionString, TimeProvider.System).RunAsync(migration.Up, [scripts.HistoryInsert(migration.Id)], step, cancellationToken);
        }
    }

    private static async Task ApplyPlainAsync(NpgsqlConnection connection, MigrationScript[] migrations, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in migrations.SelectMany(m => m.Up))
        {
            await ExecuteAsync(connection, statement.Sql.Replace(" CONCURRENTLY", "", StringComparison.Ordinal), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<Waits> MeasureAsync(string connectionString, Func<NpgsqlConnection, Task> migrate, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = new ConcurrentBag<double>();
        var writers = Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(connectionString, i, waits, over.Token), CancellationToken.None)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken); // they have begun
        waits.Clear();
        var watch = Stopwatch.StartNew();
        await using (var connection = await OpenAsync(connectionString, cancellationToken))
        {
            await migrate(connection);
        }

        watch.Stop();
        await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken); // those who waited are through
        await over.CancelAsync();
        var deadlocks = (await Task.WhenAll(writers)).Sum();
        double[] sorted = [.. waits.Order()];
        return new Waits(watch.Elapsed, sorted.Length, sorted[(int)(sorted.Length * 0.99)], sorted[^1], deadlocks);
    }

    /// <summary>Changes one task and adds another, each by itself, as a host application does; returns how many failed in a deadlock.</summary>
    private static async Task<int> WriteAsync(string connectionString, int writer, ConcurrentBag<double> waits, CancellationToken over)
    {
        await using var connection = await OpenAsync(connectionString, CancellationToken.None);
        var random = new Random(writer);
        var deadlocks = 0;
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await ExecuteAsync(
                    connection, n % 4 == 0
                        ? string.Create(CultureInfo.InvariantCulture, $"""INSERT INTO public.tasks (id, "userId", title, "updatedAt") VALUES ('w{writer}-{n}', 'u{random.Next(People) + 1}', 'New', now())""")
                        : string.Create(CultureInfo.InvariantCulture, $"""UPDATE public.tasks SET title = title, "updatedAt" = now() WHERE id = 't{random.Next(Tasks) + 1}'"""),
                    CancellationToken.None);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                deadlocks++;
            }

            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return deadlocks;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>In milliseconds, of every write while the migrations ran.</summary>
    private sealed record Waits(TimeSpan Took, int Writes, double P99, double Longest, int Deadlocks)
    {
        public string Say(string how) => string.Create(
            CultureInfo.InvariantCulture, $"{how}: {Took.TotalSeconds:N1} s, {Writes:N0} writes meanwhile, 99 of 100 within {P99:N1} ms, the longest wait {Longest:N0} ms, {Deadlocks} failed in a deadlock.");
    }
}
