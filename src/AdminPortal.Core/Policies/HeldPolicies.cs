using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Policies;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>
/// What the policies that are switched on say for one person: exemptions are out already. Read in the transaction that
/// has to hold to it, and never kept, so that a policy holds from the next request on every portal instance.
/// </summary>
/// <param name="AllowedTypes">Null: every type.</param>
/// <param name="AdminScopes">Scopes that only an admin can grant; FULL_ACCESS is one without being named.</param>
public sealed record HeldPolicies(
    int? LongestPairingDays, int? DevicesPerUser, IReadOnlyList<DeviceType>? AllowedTypes, IReadOnlyList<PermissionScope> AdminScopes)
{
    public static HeldPolicies None { get; } = new(null, null, null, []);

    public bool Allows(DeviceType type) => AllowedTypes?.Contains(type) ?? true;

    /// <summary>No more days than the policy allows.</summary>
    public int Cap(int days) => Math.Min(days, LongestPairingDays ?? days);

    /// <param name="pairingId">Null: a device that is not paired yet.</param>
    internal static async Task<HeldPolicies> ForAsync(DeviceDbContext db, string userId, string? pairingId, CancellationToken cancellationToken)
    {
        var exempt = Exemptions(db).Where(e =>
            (e.Subject == PolicySubject.User && e.SubjectId == userId) || (e.Subject == PolicySubject.Pairing && e.SubjectId == pairingId));
        var rows = await db.DevicePolicies.AsNoTracking().Where(p => p.Enabled && !exempt.Any(e => e.Policy == p.Name))
            .Select(p => new { p.Name, p.Settings }).ToListAsync(cancellationToken);
        return rows.Aggregate(None, (held, row) => PolicySettings.Read(row.Name, row.Settings) switch
        {
            PolicySettings.LongestPairing longest => held with { LongestPairingDays = longest.Days },
            PolicySettings.DevicesPerUser most => held with { DevicesPerUser = most.Maximum },
            PolicySettings.AllowedTypes types => held with { AllowedTypes = types.Types },
            PolicySettings.AdminScopes scopes => held with { AdminScopes = scopes.Scopes },
            _ => held,
        });
    }

    /// <summary>The exemptions that hold now.</summary>
    internal static IQueryable<PolicyExemption> Exemptions(DeviceDbContext db) =>
        db.PolicyExemptions.AsNoTracking().Where(e => e.Until == null || e.Until > DatabaseClock.Now());
}
