using System.Text.Json.Nodes;
using AdminPortal.Core.Sync.Simulation;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>
/// Plays a history on a real portal and PostgreSQL: the devices and the host application at the same time, each in its own order.
/// Then the network heals, everybody syncs, and every promise of the protocol is checked.
/// </summary>
internal sealed class SyncHistoryRun(ApiPortal portal, ApiPerson person)
{
    private readonly List<(SimulatedDevice Device, UnreliableNetwork Network, Queue<NetworkFault> Faults, string Id)> phones = [];
    private readonly TestDatabaseView database = new(portal, person.Id);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task PlayAsync(ApiPortal portal, IReadOnlyList<HistoryStep> history)
    {
        var run = new SyncHistoryRun(portal, await portal.NewPersonAsync());
        await run.PairAsync();
        var tracks = history.GroupBy(s => s.Act is HistoryAct.HostWrites or HistoryAct.Purge or HistoryAct.NewEpoch ? -1 : s.Device);
        await Task.WhenAll(tracks.Select(track => Task.Run(() => track.Key < 0 ? run.PlayHostAsync([.. track]) : run.PlayDeviceAsync(track.Key, [.. track]), Token)));
        await run.SettleAsync();
        await run.CheckAsync();
    }

    private async Task PairAsync()
    {
        for (var i = 0; i < SyncHistory.Devices; i++)
        {
            var id = PairingCalls.NewDeviceId();
            var paired = await portal.PairAsync(person, id);
            var faults = new Queue<NetworkFault>();
            var network = new UnreliableNetwork(new SocketsHttpHandler(), () => faults.TryDequeue(out var fault) ? fault : NetworkFault.None);
            var http = new HttpClient(network) { BaseAddress = portal.Portal.Address };
            var device = new SimulatedDevice(http, PairingCalls.Text(paired, "sessionToken"), id, TimeProvider.System) { ClockSkew = TimeSpan.FromHours((i - 1) * 30) };
            await device.RegisterAsync(Token);
            phones.Add((device, network, faults, id));
        }
    }

    private async Task PlayDeviceAsync(int index, IReadOnlyList<HistoryStep> steps)
    {
        var (device, _, faults, _) = phones[index];
        foreach (var step in steps)
        {
            faults.Clear();
            faults.Enqueue(step.Act == HistoryAct.Die ? NetworkFault.LoseReply : step.Fault);
            try
            {
                switch (step.Act)
                {
                    case HistoryAct.Edit:
                        device.Edit(step.Choice);
                        break;
                    case HistoryAct.Push or HistoryAct.Die:
                        await device.PushAsync(Token);
                        break;
                    case HistoryAct.Pull:
                        await device.PullAsync((step.Choice % 5) + 1, Token);
                        break;
                    default:
                        await device.SyncAsync(Token);
                        break;
                }
            }
            catch (HttpRequestException)
            {
                // the network; the device tries again some other time
            }
        }
    }

    private async Task PlayHostAsync(IReadOnlyList<HistoryStep> steps)
    {
        foreach (var step in steps)
        {
            await (step.Act switch
            {
                HistoryAct.Purge => database.PurgeAsync(),
                HistoryAct.NewEpoch => database.ExecuteAsync("UPDATE sync.meta SET epoch = replace(gen_random_uuid()::text, '-', '')"),
                _ => database.WriteAsHostAsync(step.Choice),
            });
        }
    }

    /// <summary>The network is whole again: all send, then all read.</summary>
    private async Task SettleAsync()
    {
        foreach (var (device, _, faults, _) in phones)
        {
            faults.Clear();
            await device.SyncAsync(Token);
        }

        foreach (var (device, _, _, _) in phones)
            await device.SyncAsync(Token);
    }

    private async Task CheckAsync()
    {
        var server = await database.RowsAsync();
        foreach (var (device, network, _, id) in phones)
        {
            Assert.Empty(device.Disk.Outbox);
            Assert.Equal(server, device.Disk.Rows.Values.Select(TestDatabaseView.Line).Order(StringComparer.Ordinal)); // 1
            Assert.Equal(network.Answered, await database.CountAsync("SELECT count(*) FROM sync.requests WHERE \"deviceId\" = $2", id)); // 13
        }

        Assert.Empty(await database.ListAsync("SELECT \"clientId\" FROM public.tasks WHERE \"userId\" = $1 GROUP BY 1 HAVING count(*) > 1 AND \"clientId\" IS NOT NULL")); // 4
        Assert.Empty(await database.ListAsync("SELECT version::text FROM sync.changes WHERE \"userId\" = $1 GROUP BY version HAVING count(*) > 1")); // 6
        Assert.Equal(0, await database.CountAsync("SELECT count(*) FROM sync.dirty WHERE \"userId\" = $1"));
        await CheckAcknowledgedAsync();
    }

    /// <summary>3, 5 and 9: what was acknowledged is there, once; and what was overwritten unseen is kept.</summary>
    private async Task CheckAcknowledgedAsync()
    {
        var acknowledged = phones.SelectMany(p => p.Device.Acknowledged.Select(a => (p.Id, a.Op, a.Result))).ToList();
        var ledger = await database.ListAsync("SELECT \"opId\" FROM sync.ops WHERE \"userId\" = $1");
        Assert.Empty(acknowledged.Select(a => Text(a.Op, "opId")).Except(ledger));
        var written = await database.ListAsync("SELECT concat_ws('|', id, title, notes) FROM public.tasks WHERE \"userId\" = $1");
        var lost = await database.ListAsync("SELECT concat_ws('|', \"entityId\", losing->>'title', losing->>'notes') FROM sync.conflicts WHERE \"userId\" = $1");
        foreach (var (device, op, result) in acknowledged.Where(a => Text(a.Result, "status") != "rejected" && a.Op["fields"] is not null && Text(a.Op, "entity") == "task"))
        {
            foreach (var field in (string[])["title", "notes"])
            {
                if (op["fields"]![field]?.GetValue<string>() is { } value)
                {
                    var kept = written.Concat(lost).Any(line => line.Split('|').Contains(value));
                    Assert.True(kept || WasOverwrittenKnowingly(acknowledged, device, op, result, field), $"{field} {value} of {op.ToJsonString()} was acknowledged as {result.ToJsonString()} and is nowhere.");
                }
            }
        }
    }

    /// <summary>By the same device, by one that had seen it, or by the host application, which asks nobody.</summary>
    private bool WasOverwrittenKnowingly(List<(string Id, JsonObject Op, JsonObject Result)> acknowledged, string device, JsonObject op, JsonObject result, string field)
    {
        var (id, version) = (Text(result, "id"), result["version"]?.GetValue<long>() ?? 0);
        return database.HostTouched.Contains(id ?? "")
            || acknowledged.Any(other => Text(other.Result, "id") == id && Text(other.Op, "opId") != Text(op, "opId")
                && (other.Op["fields"]?[field] is not null || Text(other.Op, "op") == "delete")
                && (other.Id == device || (other.Op["baseVersion"]?.GetValue<long>() ?? 0) >= version));
    }

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();
}
