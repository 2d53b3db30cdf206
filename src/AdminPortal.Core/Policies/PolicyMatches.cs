using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>
/// Which devices a policy is about. The simulator lists with it and the daily run acts with it, so that nothing happens
/// that was not shown. Only devices that work are matched; exemptions are out.
/// </summary>
internal static class PolicyMatches
{
    public static IQueryable<DevicePairing> Of(DeviceDbContext db, PolicySettings settings) => settings switch
    {
        PolicySettings.Unseen { WarnAfterDays: var days } =>
            Working(db, PolicyNames.Unseen).Where(p => p.LastSeenAt <= DatabaseClock.UtcNow().AddDays(-days)),
        // What a pairing that is made now could not have left.
        PolicySettings.LongestPairing { Days: var days } =>
            Working(db, PolicyNames.LongestPairing).Where(p => p.ExpiresAt > DatabaseClock.UtcNow().AddDays(days)),
        PolicySettings.DevicesPerUser { Maximum: var maximum } => OfFullPeople(db, maximum),
        PolicySettings.AllowedTypes { Types: var types } =>
            Working(db, PolicyNames.AllowedTypes).Where(p => !types.Contains(p.DeviceType)),
        PolicySettings.AdminScopes { Scopes: var scopes } =>
            Working(db, PolicyNames.AdminScopes).Where(p => p.Permissions.Any(g => scopes.Contains(g.Permission) && (g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()))),
        _ => throw new ArgumentException("These settings are of no policy.", nameof(settings)),
    };

    /// <summary>Of the matches: those whose owner is to be told now.</summary>
    public static IQueryable<DevicePairing> ToWarn(DeviceDbContext db, PolicySettings.Unseen settings) => settings.ActAfterDays == 0
        ? Of(db, settings).Where(p => false)
        : Of(db, settings).Where(p => !db.PolicyWarnings.Any(w => w.Policy == PolicyNames.Unseen && w.PairingId == p.Id));

    /// <summary>Of the matches: those whose time is up.</summary>
    public static IQueryable<DevicePairing> Due(DeviceDbContext db, PolicySettings.Unseen settings)
    {
        var days = settings.ActAfterDays;
        return days == 0 ? Of(db, settings) : Of(db, settings).Where(p => db.PolicyWarnings.Any(
            w => w.Policy == PolicyNames.Unseen && w.PairingId == p.Id && w.WarnedAt <= DatabaseClock.Now().AddDays(-days)));
    }

    private static IQueryable<DevicePairing> OfFullPeople(DeviceDbContext db, int maximum)
    {
        var full = db.DevicePairings.Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow()).GroupBy(p => p.UserId).Where(g => g.Count() > maximum).Select(g => g.Key);
        return Working(db, PolicyNames.DevicesPerUser).Where(p => full.Contains(p.UserId));
    }

    /// <summary>Two questions about exemptions and not one with OR, so that each is a lookup in their index.</summary>
    private static IQueryable<DevicePairing> Working(DeviceDbContext db, string policy)
    {
        var exempt = HeldPolicies.Exemptions(db).Where(e => e.Policy == policy);
        return db.DevicePairings.AsNoTracking().Where(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow())
            .Where(p => !exempt.Any(e => e.Subject == PolicySubject.Pairing && e.SubjectId == p.Id))
            .Where(p => !exempt.Any(e => e.Subject == PolicySubject.User && e.SubjectId == p.UserId));
    }
}
