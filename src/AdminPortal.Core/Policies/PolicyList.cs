using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>Reads the policies and their exemptions. For admins and support; nobody else gets any.</summary>
public sealed class PolicyList(IDbContextFactory<DeviceDbContext> databases)
{
    /// <summary>As many exemptions of a policy are listed, the newest first.</summary>
    public const int MostExemptions = 200;

    public async Task<IReadOnlyList<PolicyRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return actor.SeesEveryone ? await ReadAsync(db, cancellationToken) : [];
    }

    /// <summary>Null when there is no such policy, or not for this actor.</summary>
    public async Task<PolicyRow?> FindAsync(Actor actor, string name, CancellationToken cancellationToken) =>
        (await ListAsync(actor, cancellationToken)).FirstOrDefault(p => p.Name == name);

    public async Task<IReadOnlyList<ExemptionRow>> ExemptionsAsync(Actor actor, string policy, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.PolicyExemptions.AsNoTracking().Where(e => e.Policy == policy).OrderByDescending(e => e.CreatedAt).ThenBy(e => e.Id).Take(MostExemptions)
            .Select(e => new
            {
                Exemption = e,
                Ended = e.Until != null && e.Until <= DatabaseClock.Now(),
                Person = db.Users.Where(u => u.Id == e.SubjectId && e.Subject == PolicySubject.User).Select(u => u.Name ?? u.Email).FirstOrDefault(),
                Device = db.DevicePairings.Where(p => p.Id == e.SubjectId && e.Subject == PolicySubject.Pairing)
                    .Select(p => new { p.DeviceName, p.DeviceType, Person = p.User.Name ?? p.User.Email }).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new ExemptionRow(
            r.Exemption.Id, r.Exemption.Policy, r.Exemption.Subject, r.Exemption.SubjectId,
            r.Person ?? (r.Device is null ? r.Exemption.SubjectId : r.Device.DeviceName ?? DeviceTypeLabels.Of(r.Device.DeviceType)), r.Device?.Person,
            r.Exemption.Reason, r.Exemption.CreatedAt, r.Exemption.CreatedBy, r.Exemption.Until, r.Ended))];
    }

    /// <summary>How many owners were told what, of devices that were not used since; the milder act first.</summary>
    public async Task<IReadOnlyList<ToldRow>> ToldAsync(Actor actor, string policy, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var told = await db.Database.SqlQuery<Told>(
            $"""
             SELECT w.act AS "Act", count(*)::int AS "Devices", min(w."actsAt") AS "First", max(w."actsAt") AS "Last"
             FROM portal.policy_warnings w JOIN public.device_pairings p ON p.id = w."pairingId"
             WHERE w.policy = {policy} AND w.act IS NOT NULL AND w."actsAt" IS NOT NULL AND w."actedAt" IS NULL
               AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc' AND p."lastSeenAt" <= w."warnedAt" AT TIME ZONE 'utc'
             GROUP BY w.act ORDER BY w.act
             """).ToListAsync(cancellationToken);
        return [.. told.Select(t => new ToldRow(t.Act == PolicyActWords.Revoke ? UnseenAct.Revoke : UnseenAct.Quarantine, t.Devices, t.First, t.Last))];
    }

    internal static async Task<IReadOnlyList<PolicyRow>> ReadAsync(DeviceDbContext db, CancellationToken cancellationToken)
    {
        var saved = await db.DevicePolicies.AsNoTracking().ToDictionaryAsync(p => p.Name, cancellationToken);
        var exemptions = await HeldPolicies.Exemptions(db).GroupBy(e => e.Policy).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return [.. PolicyNames.All.Select(name => saved.TryGetValue(name, out var p)
            ? new PolicyRow(name, p.Enabled, PolicySettings.Read(name, p.Settings), p.Version, p.UpdatedAt, p.UpdatedBy, exemptions.GetValueOrDefault(name))
            {
                Held = p is { HeldDevices: { } devices, HeldOf: { } of, HeldAt: { } at } ? new PolicyHold(devices, of, at) : null,
                AllowedDevices = p.AllowedDevices,
                AllowedBy = p.AllowedBy,
            }
            : new PolicyRow(name, false, PolicySettings.Default(name), 0, null, null, exemptions.GetValueOrDefault(name)))];
    }

    private sealed record Told(string Act, int Devices, DateTimeOffset First, DateTimeOffset Last);
}
