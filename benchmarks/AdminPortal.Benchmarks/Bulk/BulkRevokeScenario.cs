using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Benchmarks.Bulk;

/// <summary>
/// Ends 10,000 devices as an admin does: from the confirmation until the run says that it is done. The bare SQL writes the
/// same rows in one transaction, without progress, stop, or a way to go on after a crash.
/// </summary>
internal sealed class BulkRevokeScenario : IScenario
{
    private const int Devices = 10_000;
    private const int Rounds = 5;

    private const string BareSql = """
        WITH chosen AS (
            SELECT id FROM public.device_pairings WHERE "isActive" ORDER BY id DESC LIMIT $1 FOR UPDATE
        ), ended AS (
            UPDATE public.device_pairings p SET "isActive" = false, "updatedAt" = now() AT TIME ZONE 'utc' FROM chosen c WHERE c.id = p.id
            RETURNING p.id, p."userId", p."deviceId", p."sessionToken", p."deviceName"
        ), remembered AS (
            INSERT INTO portal.token_history (hash, "pairingId", "userId", reason, "connectionsCut", "callsSince") SELECT "sessionToken", id, "userId", 'revoked', 0, 0 FROM ended ON CONFLICT DO NOTHING
        ), written AS (
            INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", reason) SELECT 'revoked', "userId", id, "deviceId", 'bare', 'benchmark' FROM ended
        ), noticed AS (
            INSERT INTO portal.notice_outbox (kind, "userId", "pairingId", "deviceTitle", "actorId", reason) SELECT 'device-revoked', "userId", id, "deviceName", 'bare', 'benchmark' FROM ended
        )
        SELECT count(*) FROM ended
        """;

    public string Name => "Bulk revoke";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        await using var portal = await BenchmarkPortal.StartAsync(world, cancellationToken);
        if (portal is null)
        {
            report.Note("Left out: a database was given, and this needs the portal's own beside it.");
            return;
        }

        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var selection = await SelectAsync(world, cancellationToken);
            var mine = await Report.TimeAsync(() => RevokeAsync(portal, selection, cancellationToken));
            var bare = await Report.TimeAsync(() => world.ExecuteAsync(BareSql, cancellationToken, Devices));
            await world.ExecuteAsync("DELETE FROM portal.notice_outbox WHERE \"actorId\" = 'bare'", cancellationToken);
            if (round >= 0)
            {
                ours.Add(mine);
                theirs.Add(bare);
            }
        }

        await report.WriteAsync($"{Devices:N0} devices, from the confirmation to the end of the run", ours, theirs);
    }

    private static async Task<string> SelectAsync(BenchmarkWorld world, CancellationToken cancellationToken)
    {
        var id = Data.Ids.New();
        await world.ExecuteAsync("INSERT INTO portal.device_selections (id, \"actorId\", description) VALUES ($1, $2, 'benchmark')", cancellationToken, id, Actor.CommandLine.Id);
        await world.ExecuteAsync(
            """
            INSERT INTO portal.device_selection_items ("selectionId", position, "pairingId")
            SELECT $1, row_number() OVER (), id FROM (SELECT id FROM public.device_pairings WHERE "isActive" ORDER BY id LIMIT $2) p
            """, cancellationToken, id, Devices);
        return id;
    }

    private static async Task RevokeAsync(BenchmarkPortal portal, string selection, CancellationToken cancellationToken)
    {
        var outcome = await portal.Services.GetRequiredService<BulkActs>().StartAsync(
            Actor.CommandLine, selection, new BulkOrder(BulkAct.Revoke), "benchmark", Devices, includeOwn: true, cancellationToken);
        var runId = ((BulkOutcome.Started)outcome).RunId;
        var runs = portal.Services.GetRequiredService<OperationRuns>();
        while (await runs.FindAsync(Actor.CommandLine, runId, cancellationToken) is { IsFinished: false })
        {
            await Task.Delay(20, cancellationToken);
        }
    }
}
