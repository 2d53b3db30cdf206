using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>The policies that run daily find their devices by an index, however many pairings there are.</summary>
public sealed class PolicyPlanTests(PairingDatabases databases) : PolicyTest(databases)
{
    [Fact]
    public async Task Matches_OfTheDailyPolicies_AreFoundByIndex()
    {
        var owner = await World.NewPersonAsync();
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "lastSeenAt", "updatedAt")
            SELECT 'plan-' || n, $1, 'plan-' || n, 'TABLET', 'sha256:plan-' || n,
                now() AT TIME ZONE 'utc' + make_interval(days => 1 + n % 200), now() AT TIME ZONE 'utc' - make_interval(hours => n % 1500), now() AT TIME ZONE 'utc'
            FROM generate_series(1, 20000) n
            """, owner.UserId!);
        await using (var connection = await Store.Owner.OpenConnectionAsync(Token))
            await Sql.RunAsync(connection, "ANALYZE public.device_pairings");
        var unseen = new PolicySettings.Unseen(62, 14, UnseenAct.Quarantine);

        foreach (var query in new Func<Data.DeviceDbContext, IQueryable<DevicePairing>>[]
        {
            db => PolicyMatches.Of(db, unseen).OrderBy(p => p.LastSeenAt).ThenBy(p => p.Id).Take(500),
            db => PolicyMatches.Of(db, unseen),
            db => PolicyMatches.Due(db, unseen),
            db => PolicyMatches.ToWarn(db, unseen),
            db => PolicyMatches.Of(db, new PolicySettings.LongestPairing(199, ShortenExisting: true)),
        })
        {
            var plan = await PlanAsync(query);
            Assert.DoesNotContain("Seq Scan on device_pairings", plan, StringComparison.Ordinal);
            Assert.Contains("device_pairings_", plan, StringComparison.Ordinal); // by one of its indexes
        }
    }

    private async Task<string> PlanAsync(Func<Data.DeviceDbContext, IQueryable<DevicePairing>> query)
    {
        await using var db = World.Databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(Token);
        await using var command = query(db).CreateDbCommand();
        command.CommandText = "EXPLAIN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(Token);
        List<string> lines = [];
        while (await reader.ReadAsync(Token))
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
