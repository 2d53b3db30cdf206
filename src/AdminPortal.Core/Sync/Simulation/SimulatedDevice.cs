using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>
/// A phone with an outbox, as docs/sync-client.md tells its authors to build one. Speaks to a portal over HTTP only. Every method
/// may fail in its middle, as an app that is killed; the disk is then as it was before.
/// </summary>
/// <param name="http">With the portal's address.</param>
/// <param name="token">The device's bearer.</param>
/// <param name="name">For the ids that it makes; different for every device.</param>
public sealed class SimulatedDevice(HttpClient http, string token, string name, TimeProvider time)
{
    private const int PushLimit = 100;
    private int made;

    public string Name => name;

    public DeviceDisk Disk { get; private set; } = DeviceDisk.Empty;

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan ClockSkew { get; init; }

    public string AppVersion { get; set; } = "2.0.0";

    /// <summary>Operations that were acknowledged, with their results, for those who check what became of them.</summary>
    public List<(JsonObject Op, JsonObject Result)> Acknowledged { get; } = [];

    public async Task RegisterAsync(CancellationToken cancellationToken) => await CallAsync(
        HttpMethod.Put, "/api/devices/me", new JsonObject { ["platform"] = "simulated", ["osVersion"] = "1", ["appVersion"] = AppVersion, ["schemaVersion"] = 1, ["pushToken"] = $"push-{name}" }, cancellationToken);

    /// <summary>Writes offline: nothing is sent.</summary>
    /// <param name="target">The server's id or the device's client id; for a create its new client id.</param>
    public void Edit(string entity, string op, string target, JsonObject? fields, string? taskClientId = null)
    {
        var opId = NewId("op");
        var body = new JsonObject { ["opId"] = opId, ["seq"] = made, ["entity"] = entity, ["op"] = op };
        var id = Disk.Made.ContainsKey(target) ? Disk.Ids.GetValueOrDefault(target) : op == "create" ? null : target;
        body[id is null ? "clientId" : "id"] = id ?? target;
        if (id is not null && Disk.Rows.TryGetValue(DeviceDisk.Key(entity, id), out var row))
        {
            body["baseVersion"] = row.Version;
        }

        if (taskClientId is not null)
        {
            body["taskClientId"] = taskClientId;
        }

        if (fields is not null)
        {
            body["fields"] = fields.DeepClone();
        }

        Disk = Disk with { Outbox = Disk.Outbox.Add(new OutboxOp(opId, body)), Made = op == "create" ? Disk.Made.SetItem(target, entity) : Disk.Made };
    }

    public string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{name}-{kind}-{++made}");

    /// <summary>Sends the oldest of what waits.</summary>
    /// <returns>False: nothing waits any more.</returns>
    public async Task<bool> PushAsync(CancellationToken cancellationToken)
    {
        var batch = Disk.Outbox.Take(PushLimit).ToList();
        var body = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["sentAt"] = (time.GetUtcNow() + ClockSkew).ToString("O", CultureInfo.InvariantCulture),
            ["state"] = new JsonObject { ["pending"] = Disk.Outbox.Count - batch.Count, ["oldestPendingAt"] = null, ["rejected"] = Disk.Rejected },
            ["ops"] = new JsonArray([.. batch.Select(o => o.Body.DeepClone())]),
        };
        var data = await CallAsync(HttpMethod.Post, "/api/sync/push", body, cancellationToken);
        var results = data["results"]!.AsArray().Select(r => r!.AsObject()).ToDictionary(r => r["opId"]!.GetValue<string>(), StringComparer.Ordinal);
        var (ids, rejected) = (Disk.Ids, Disk.Rejected);
        foreach (var op in batch)
        {
            var result = results[op.OpId];
            Acknowledged.Add((op.Body, result));
            rejected += result["status"]!.GetValue<string>() == "rejected" ? 1 : 0;
            if (result["id"]?.GetValue<string>() is { } id && op.Body["clientId"]?.GetValue<string>() is { } clientId)
            {
                ids = ids.SetItem(clientId, id);
            }
        }

        var sent = batch.Select(o => o.OpId).ToHashSet(StringComparer.Ordinal);
        Disk = Disk with { Outbox = Disk.Outbox.RemoveAll(o => sent.Contains(o.OpId)), Ids = ids, Rejected = rejected };
        return Disk.Outbox.Count > 0;
    }

    /// <summary>Gets one page, and confirms the one before with it.</summary>
    /// <returns>False: there was nothing new.</returns>
    /// <exception cref="InvalidOperationException">The server broke its promise: a version up to the cursor appeared for the first time.</exception>
    public async Task<bool> PullAsync(int limit, CancellationToken cancellationToken)
    {
        JsonObject data;
        try
        {
            data = await CallAsync(HttpMethod.Get, $"/api/sync/pull?limit={limit}{(Disk.Cursor is null ? "" : $"&cursor={Disk.Cursor}")}", null, cancellationToken);
        }
        catch (DeviceRefusedException e) when (e.Problem is "cursor-reset" or "cursor-expired")
        {
            Disk = Disk.FromNothing();
            return true;
        }

        var (rows, seen) = (Disk.Rows.ToBuilder(), Disk.Seen);
        foreach (var change in data["changes"]!.AsArray().Select(c => c!.AsObject()))
        {
            var (entity, id, version) = (change["entity"]!.GetValue<string>(), change["id"]!.GetValue<string>(), change["version"]!.GetValue<long>());
            if (version <= seen)
            {
                throw new InvalidOperationException($"Version {version} of {entity} {id} came after version {seen} had been read.");
            }

            seen = version;
            if (change["deleted"]!.GetValue<bool>())
            {
                rows.Remove(DeviceDisk.Key(entity, id));
            }
            else
            {
                rows[DeviceDisk.Key(entity, id)] = new LocalRow(entity, id, change["clientId"]?.GetValue<string>(), version, change["fields"]!.DeepClone().AsObject());
            }
        }

        var more = data["hasMore"]!.GetValue<bool>();
        var isNew = more || data["changes"]!.AsArray().Count > 0 || Disk.Cursor is null;
        Disk = Disk with { Rows = rows.ToImmutable(), Cursor = data["cursor"]!.GetValue<string>(), Seen = more ? seen : data["head"]!.GetValue<long>() };
        return isNew;
    }

    /// <summary>Sends everything, then reads everything, to the page that is empty.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        while (await PushAsync(cancellationToken))
        {
        }

        while (await PullAsync(200, cancellationToken))
        {
        }
    }

    private async Task<JsonObject> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return JsonNode.Parse(text)!["data"]!.AsObject();
        }

        throw new DeviceRefusedException(response.StatusCode, ProblemOf(text), response.Headers.RetryAfter?.Delta);
    }

    private static string ProblemOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["type"]?.GetValue<string>().Split(':')[^1] ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}

/// <summary>The portal refused a request of a simulated device.</summary>
/// <param name="problem">The name in which its type ends.</param>
public sealed class DeviceRefusedException(HttpStatusCode status, string problem, TimeSpan? retryAfter) : Exception($"{(int)status} {problem}")
{
    public HttpStatusCode Status => status;

    public string Problem => problem;

    public TimeSpan? RetryAfter => retryAfter;
}
