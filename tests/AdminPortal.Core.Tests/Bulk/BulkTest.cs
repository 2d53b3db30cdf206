using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Tests.Bulk;

/// <summary>A test of acts on many devices.</summary>
public abstract class BulkTest(PairingDatabases databases) : PairingTest(databases)
{
    private protected static BulkOrder Revoke { get; } = new(BulkAct.Revoke);

    private protected static BulkOrder Quarantine { get; } = new(BulkAct.Quarantine);

    private protected BulkPortal Portal() => new(World, Store.PortalConnection);

    private protected async Task<(Actor Admin, Actor Owner)> PeopleAsync() => (await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync());

    private protected static async Task<string> FrozenAsync(BulkPortal portal, Actor admin, IReadOnlyCollection<string> ids) =>
        Assert.IsType<SelectionOutcome.Frozen>(await portal.Selections.FreezeAsync(admin, ids, Token)).SelectionId;

    private protected static async Task<RunRow> RanAsync(BulkPortal portal, Actor admin, string selection, BulkOrder order, int devices)
    {
        await portal.WorkAsync();
        var started = Assert.IsType<BulkOutcome.Started>(await portal.Acts.StartAsync(admin, selection, order, "lost", devices, false, Token));
        return await portal.EndOfAsync(admin, started.RunId);
    }

    /// <summary>Working devices with one scope each.</summary>
    private protected async Task<string[]> DevicesAsync(Actor owner, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = (await World.PairAsync(owner)).PairingId;
        return ids;
    }

    /// <summary>Rows without the way of pairing, in the order of their ids.</summary>
    private protected async Task<string[]> ManyAsync(Actor owner, int count)
    {
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT $1 || '-' || to_char(n, 'FM000000'), $1, $1 || '-' || n, 'TABLET', 'sha256:' || $1 || n, now() + interval '1 day', now() FROM generate_series(1, $2) n
            """, owner.UserId!, count);
        return [.. Enumerable.Range(1, count).Select(n => $"{owner.UserId}-{n:000000}")];
    }

    private protected Task<string?> EndsAsync(string[] ids) => World.ScalarAsync<string>(
        """SELECT string_agg(coalesce("expiresAt"::text, ''), '|' ORDER BY array_position($1::text[], "devicePairingId")) FROM public.device_permissions WHERE "devicePairingId" = ANY ($1)""", (object)ids);
}
