using System.Linq.Expressions;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Policies;

/// <summary>Shows what a draft of a policy would meet, before it is switched on. Changes nothing. For admins and support.</summary>
public sealed class PolicySimulator(IDbContextFactory<DeviceDbContext> databases, IOptions<PolicyOptions> options)
{
    private const int SampleSize = 5;
    private static readonly Expression<Func<DevicePairing, string>> Id = p => p.Id;

    private static readonly ListSort<DevicePairing, PolicyMatch> ByLastSeen =
        new ListSort<DevicePairing, PolicyMatch, DateTime>("lastSeen", p => p.LastSeenAt, Id, m => m.LastSeenAt);

    private static readonly ListSort<DevicePairing, PolicyMatch> ByEnd =
        new ListSort<DevicePairing, PolicyMatch, DateTime>("expires", p => p.ExpiresAt, Id, m => m.ExpiresAt);

    /// <summary>Null for people who may not see everyone's devices, and for settings that are not valid.</summary>
    public async Task<PolicySimulation?> SimulateAsync(
        Actor actor, PolicySettings settings, string? cursor, int limit, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || settings.Check() is not null)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var absences = await AnsweredTime.ReadAsync(db, cancellationToken);
        var matches = PolicyMatches.Of(db, settings, absences);
        var longest = settings is PolicySettings.LongestPairing;
        var page = await matches.ReadAsync(
            longest ? ByEnd : ByLastSeen, descending: longest, cursor, limit,
            p => new PolicyMatch(
                p.Id, p.DeviceId, p.DeviceType, p.DeviceName, p.UserId, p.User.Name ?? p.User.Email, p.LastSeenAt, p.ExpiresAt,
                db.PolicyWarnings.Where(w => w.Policy == settings.PolicyName() && w.PairingId == p.Id && w.Act != null && w.ActedAt == null).Select(w => (DateTimeOffset?)w.WarnedAt).FirstOrDefault(),
                db.PolicyWarnings.Where(w => w.Policy == settings.PolicyName() && w.PairingId == p.Id && w.Act != null && w.ActedAt == null).Select(w => w.ActsAt).FirstOrDefault()),
            match => match.Id, cancellationToken);
        var devices = await matches.CountAsync(cancellationToken);
        var people = await matches.Select(p => p.UserId).Distinct().CountAsync(cancellationToken);
        var (toWarn, due) = settings switch
        {
            PolicySettings.Unseen unseen => (
                await PolicyMatches.ToWarn(db, unseen, absences).CountAsync(cancellationToken),
                (int?)await PolicyMatches.Due(db, unseen, absences).CountAsync(cancellationToken)),
            PolicySettings.LongestPairing { ShortenExisting: true } => (0, devices),
            _ => (0, null),
        };
        var working = due is null ? 0 : await PolicyMatches.CountWorkingAsync(db, cancellationToken);
        return new PolicySimulation(
            page, devices, people, [.. page.Rows.Select(m => m.Person).Distinct().Take(SampleSize)], toWarn, due, working,
            due is { } many && options.Value.NeedsYes(many, working), settings is PolicySettings.Unseen ? absences.GraceUntil : null);
    }
}
