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
    }

    private protected async Task SwitchOnAsync(PolicySettings settings)
    {
        var current = await World.PolicyList.FindAsync(Admin, settings.PolicyName(), Token);
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, settings, true, current!.Version, Token));
    }

    private protected async Task ExemptAsync(string policy, string subject, string subjectId, DateTimeOffset? until = null) =>
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.ExemptAsync(Admin, policy, subject, subjectId, "Kept in the safe.", until, Token));

    /// <summary>As if the device had last called this long ago.</summary>
    private protected Task UnseenAsync(PairedPhone phone, string ago) =>
        World.ExecuteAsync($"""UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' - interval '{ago}' WHERE id = $1""", phone.PairingId);

    private protected Task<string?> StateAsync(PairedPhone phone) => World.ScalarAsync<string>(
        """
        SELECT CASE WHEN s."pairingId" IS NOT NULL THEN 'quarantined' WHEN p."isActive" THEN 'active' ELSE 'revoked' END
        FROM public.device_pairings p LEFT JOIN portal.device_state s ON s."pairingId" = p.id WHERE p.id = $1
        """, phone.PairingId);

    private protected async Task<List<string>> MatchesAsync(PolicySettings settings) =>
        [.. (await World.Simulator.SimulateAsync(Admin, settings, null, 200, Token))!.Page.Rows.Select(m => m.Id)];
}
