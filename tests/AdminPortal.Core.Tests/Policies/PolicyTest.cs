using AdminPortal.Core.Activity;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>Every test starts without policies, and without the devices of the tests before it.</summary>
public abstract class PolicyTest(PairingDatabases databases) : PairingTest(databases), IAsyncLifetime
{
    private protected static readonly Actor Admin = new("admin", "The admin", AccountRole.Admin, null, null);

    public async ValueTask InitializeAsync()
    {
        await World.ExecuteAsync("DELETE FROM portal.device_policies");
        await World.ExecuteAsync("DELETE FROM portal.policy_exemptions");
        await World.ExecuteAsync("DELETE FROM public.device_pairings");
        await World.ExecuteAsync("DELETE FROM portal.answered_spans");
    }

    private protected async Task SwitchOnAsync(PolicySettings settings, int? confirmed = null)
    {
        var current = await World.PolicyList.FindAsync(Admin, settings.PolicyName(), Token);
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, settings, true, current!.Version, confirmed, Token));
    }

    private protected async Task ExemptAsync(string policy, string subject, string subjectId, DateTimeOffset? until = null) =>
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.ExemptAsync(Admin, policy, subject, subjectId, "Kept in the safe.", until, Token));

    /// <summary>As if the device had last called this long ago.</summary>
    private protected Task UnseenAsync(PairedPhone phone, string ago) =>
        World.ExecuteAsync($"""UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' - interval '{ago}' WHERE id = $1""", phone.PairingId);

    /// <summary>As if the owner had been told this long ago.</summary>
    private protected Task<int> WarnedAsync(PairedPhone phone, string ago) =>
        World.ExecuteAsync(
            $"""UPDATE portal.policy_warnings SET "warnedAt" = now() - interval '{ago}', "actsAt" = now() - interval '{ago}' + ("actsAt" - "warnedAt") WHERE "pairingId" = $1""",
            phone.PairingId);

    /// <summary>Tablets that work and were last seen this long ago, the first for longest.</summary>
    private protected async Task AddManyAsync(int count, string ago, string prefix = "many")
    {
        var owner = await World.NewPersonAsync();
        await World.ExecuteAsync(
            $"""
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "lastSeenAt", "updatedAt")
            SELECT id, $1, id, 'TABLET', 'sha256:' || id, now() AT TIME ZONE 'utc' + interval '90 days',
                now() AT TIME ZONE 'utc' - interval '{ago}' - interval '1 hour' + make_interval(secs => n), now() AT TIME ZONE 'utc'
            FROM (SELECT n, '{prefix}-' || lpad(n::text, 4, '0') AS id FROM generate_series(1, {count}) n) many
            """, owner.UserId!);
    }

    private protected Task<string?> StateAsync(PairedPhone phone) => World.ScalarAsync<string>(
        """
        SELECT CASE WHEN s."pairingId" IS NOT NULL THEN 'quarantined' WHEN p."isActive" THEN 'active' ELSE 'revoked' END
        FROM public.device_pairings p LEFT JOIN portal.device_state s ON s."pairingId" = p.id WHERE p.id = $1
        """, phone.PairingId);

    private protected async Task<List<string>> MatchesAsync(PolicySettings settings) =>
        [.. (await World.Simulator.SimulateAsync(Admin, settings, null, 200, Token))!.Page.Rows.Select(m => m.Id)];
}
