using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Policies;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>
/// Which devices a policy is about. The simulator lists with it and the daily run acts with it, so that nothing happens
/// that was not shown. Only devices that work are matched; exemptions are out.
/// </summary>
internal static class PolicyMatches
{
    /// <param name="absences">When the portal did not answer: for that time no device counts as unseen. Null: it always did.</param>
    public static IQueryable<DevicePairing> Of(DeviceDbContext db, PolicySettings settings, Absences? absences = null) => settings switch
    {
        PolicySettings.Unseen unseen => Unseen(db, unseen.WarnAfterDays, absences ?? Absences.None),
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

    /// <summary>
    /// Of the matches: those whose owner is to be told now. Nobody told them yet; or the settings have become harsher than what they
    /// were told, or sooner; or the policy was switched off or did its act since.
    /// </summary>
    public static IQueryable<DevicePairing> ToWarn(DeviceDbContext db, PolicySettings.Unseen settings, Absences? absences = null)
    {
        var (days, revokes, told) = (settings.DaysToAct, settings.Act == UnseenAct.Revoke, Told(db));
        var holds = told.Where(w => w.ActedAt == null && w.ActsAt <= DatabaseClock.Now().AddDays(days) && (w.Act == PolicyActWords.Revoke || (!revokes && w.Act == PolicyActWords.Quarantine)));
        var open = Of(db, settings, absences).Where(p => !holds.Any(w => w.PairingId == p.Id));
        return settings.ActAfterDays > 0 ? open : open.Where(p => told.Any(w => w.PairingId == p.Id));
    }

    /// <summary>
    /// Of the matches: those whose time is up, by what their owner was told and by the settings of now; none in the grace after the
    /// portal was away. Without a warning in the settings only those who were never promised one are acted on at once.
    /// </summary>
    public static IQueryable<DevicePairing> Due(DeviceDbContext db, PolicySettings.Unseen settings, Absences? absences = null)
    {
        var away = absences ?? Absences.None;
        var (days, revokes, matches) = (settings.ActAfterDays, settings.Act == UnseenAct.Revoke, Of(db, settings, away));
        if (away.GraceUntil is not null)
        {
            return matches.Where(p => false);
        }

        var missed = away.MissedIn(days).TotalSeconds;
        var told = Told(db);
        var due = told.Where(w => w.ActedAt == null && w.ActsAt <= DatabaseClock.Now() && w.WarnedAt <= DatabaseClock.Now().AddDays(-days).AddSeconds(-missed)
            && (w.Act == PolicyActWords.Revoke || (!revokes && w.Act == PolicyActWords.Quarantine)));
        return days > 0
            ? matches.Where(p => due.Any(w => w.PairingId == p.Id))
            : matches.Where(p => due.Any(w => w.PairingId == p.Id) || !told.Any(w => w.PairingId == p.Id));
    }

    /// <summary>How many devices work now: what a share is a share of.</summary>
    public static Task<int> CountWorkingAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        db.DevicePairings.CountAsync(p => p.IsActive && p.ExpiresAt > DatabaseClock.UtcNow(), cancellationToken);

    private static IQueryable<PolicyWarning> Told(DeviceDbContext db) => db.PolicyWarnings.AsNoTracking().Where(w => w.Policy == PolicyNames.Unseen);

    private static IQueryable<DevicePairing> Unseen(DeviceDbContext db, int days, Absences absences)
    {
        var missed = absences.MissedIn(days).TotalSeconds;
        return Working(db, PolicyNames.Unseen).Where(p => p.LastSeenAt <= DatabaseClock.UtcNow().AddDays(-days).AddSeconds(-missed));
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
