using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Sync.Simulation;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>One person's rows as the database has them, and another program that writes them.</summary>
internal sealed class TestDatabaseView(ApiPortal portal, string personId)
{
    private readonly ConcurrentDictionary<string, byte> hostTouched = new();
    private int made;

    /// <summary>Tasks that the other program changed or deleted.</summary>
    public ICollection<string> HostTouched => hostTouched.Keys;

    /// <summary>One row in words, as <see cref="RowsAsync"/> writes it.</summary>
    public static string Line(LocalRow row) => row.Entity == "task"
        ? $"task {row.Id} {row.ClientId} {row.Fields["title"]} {row.Fields["notes"]} {row.Fields["status"]} {Day(row.Fields["dueAt"])}"
        : $"session {row.Id} {row.ClientId} {row.Fields["taskId"]} {row.Fields["durationSeconds"]}";

    public Task<List<string>> RowsAsync() => ListAsync("""
        SELECT line FROM (
            SELECT format('task %s %s %s %s %s %s', id, "clientId", title, notes, status, to_char("dueAt", 'YYYY-MM-DD')) COLLATE "C" AS line FROM public.tasks WHERE "userId" = $1
            UNION ALL SELECT format('session %s %s %s %s', id, "clientId", "taskId", "durationSeconds") COLLATE "C" FROM public.focus_sessions WHERE "userId" = $1) AS rows
        ORDER BY line
        """);

    public async Task WriteAsHostAsync(int choice)
    {
        var tasks = await ListAsync("SELECT id FROM public.tasks WHERE \"userId\" = $1 ORDER BY id");
        if (tasks.Count == 0 || choice % 3 == 0)
        {
            await ExecuteAsync("INSERT INTO public.tasks (id, \"userId\", title, \"updatedAt\") VALUES ($2, $1, 'By the host', now())", $"host-{personId}-{++made}");
            return;
        }

        var task = tasks[choice / 3 % tasks.Count];
        hostTouched[task] = 0;
        await ExecuteAsync(choice % 3 == 1 ? "UPDATE public.tasks SET title = 'Changed by the host' WHERE id = $2 AND \"userId\" = $1" : "DELETE FROM public.tasks WHERE id = $2 AND \"userId\" = $1", task);
    }

    public async Task PurgeAsync() => await portal.Portal.Services.GetRequiredService<SyncPurge>().RunAsync(TestContext.Current.CancellationToken, tombstoneDays: 0);

    /// <summary>The person's id is $1.</summary>
    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<long> CountAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task<List<string>> ListAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static string Day(JsonNode? time) => time is null ? "" : time.GetValue<string>()[..10];

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = portal.Portal.Services.GetRequiredService<DeviceDatabases>().PrimaryDataSource.CreateCommand(sql);
        if (sql.Contains("$1", StringComparison.Ordinal) || values.Length > 0)
            command.Parameters.Add(new NpgsqlParameter { Value = personId });
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
