using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A paired phone that speaks the protocol by hand, one request at a time.</summary>
internal sealed record SyncPhone(ApiPortal Portal, ApiPerson Person, string DeviceId, ApiCaller Api)
{
    private static int _count;

    public static Actor Support { get; } = new("support", "Sam", AccountRole.Support, null, null);

    public static async Task<SyncPhone> PairAsync(ApiPortal portal, ApiPerson person, string appVersion = "1.5.0")
    {
        var deviceId = PairingCalls.NewDeviceId();
        var paired = await portal.PairAsync(person, deviceId);
        var phone = new SyncPhone(portal, person, deviceId, portal.Anyone(PairingCalls.Text(paired, "sessionToken")));
        (await phone.RegisterAsync(appVersion)).Data();
        return phone;
    }

    public static string NewId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _count)}";

    public Task<ApiAnswer> RegisterAsync(string appVersion = "1.5.0", string? pushToken = "push-secret") =>
        Api.SendAsync(HttpMethod.Put, "/api/devices/me", JsonContent.Create(new { platform = "ios", osVersion = "26.1", appVersion, schemaVersion = 1, pushToken }));

    public Task<ApiAnswer> PushAsync(params object[] ops) => PushAsync(ops, new { pending = 0, oldestPendingAt = (DateTimeOffset?)null, rejected = 0 });

    public Task<ApiAnswer> PushAsync(object[] ops, object? state) => Api.PostAsync("/api/sync/push", new { schemaVersion = 1, sentAt = DateTimeOffset.UnixEpoch.AddYears(60), state, ops });

    /// <summary>The results of a push that was taken.</summary>
    public async Task<IReadOnlyList<JsonElement>> PushedAsync(params object[] ops) => [.. (await PushAsync(ops)).Data().GetProperty("results").EnumerateArray()];

    public Task<ApiAnswer> PullAsync(string? cursor = null, int limit = 500) => Api.GetAsync($"/api/sync/pull?cursor={cursor}&limit={limit}");

    /// <summary>Everything after a cursor, to the empty page that confirms it.</summary>
    public async Task<(List<JsonElement> Changes, string Cursor)> PullAllAsync(string? cursor = null, int limit = 500)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            var page = (await PullAsync(cursor, limit)).Data();
            var changes = page.GetProperty("changes").EnumerateArray().ToList();
            all.AddRange(changes);
            cursor = PairingCalls.Text(page, "cursor");
            if (changes.Count == 0 && !page.GetProperty("hasMore").GetBoolean())
                return (all, cursor);
        }
    }

    public static object Create(string clientId, string title, string? opId = null) =>
        new { opId = opId ?? NewId("op"), entity = "task", op = "create", clientId, fields = new { title } };

    public static object Update(string id, long baseVersion, object fields, string? opId = null) =>
        new { opId = opId ?? NewId("op"), entity = "task", op = "update", id, baseVersion, fields };

    public static object Delete(string id, long baseVersion) => new { opId = NewId("op"), entity = "task", op = "delete", id, baseVersion };

    /// <summary>A new task that this phone made: its id and version.</summary>
    public async Task<(string Id, long Version)> NewTaskAsync(string title = "Call the pharmacy")
    {
        var result = Assert.Single(await PushedAsync(Create(NewId("c"), title)));
        Assert.Equal("applied", PairingCalls.Text(result, "status"));
        return (PairingCalls.Text(result, "id"), result.GetProperty("version").GetInt64());
    }

    /// <summary>What the host application or psql does behind the portal's back.</summary>
    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is T value ? value : default;
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Portal.Portal.Services.GetRequiredService<DeviceDatabases>().PrimaryDataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>As support sees it.</summary>
    public async Task<SyncStanding> StandingAsync() =>
        (await Portal.Portal.Services.GetRequiredService<SyncStatusList>().OfUserAsync(Support, Person.Id, TestContext.Current.CancellationToken)).Single(s => s.DeviceId == DeviceId);

    /// <summary>Sends that nothing waits, and reads to the end.</summary>
    public async Task InStepAsync()
    {
        (await PushStateAsync(pending: 0)).Data();
        await PullAllAsync((await PullAllAsync()).Cursor);
    }

    /// <summary>Sends no change, and what it says of itself.</summary>
    public Task<ApiAnswer> PushStateAsync(int pending, TimeSpan? oldest = null, TimeSpan clock = default)
    {
        var now = TimeProvider.System.GetUtcNow() + clock;
        return Api.PostAsync("/api/sync/push", new { schemaVersion = 1, sentAt = now, state = new { pending, oldestPendingAt = now - oldest, rejected = 0 }, ops = Array.Empty<object>() });
    }
}
