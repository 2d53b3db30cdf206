using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Policies;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Permissions;

/// <summary>
/// A device asks to keep a scope that ends, or to get one. Asking grants nothing. While a request for a scope is open,
/// asking again changes nothing; a scope that was refused can be asked for again after a day.
/// </summary>
public sealed class PermissionRequests(IDbContextFactory<DeviceDbContext> databases, TimeProvider time)
{
    public const int ReasonLength = 200;

    /// <summary>New requests of one device in 24 hours.</summary>
    public const int DailyLimit = 24;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="reason">The device's words for the person who decides.</param>
    public async Task<AskOutcome> AskAsync(
        Actor device, string pairingId, IReadOnlyList<ScopeGrant> wanted, string? reason, CancellationToken cancellationToken)
    {
        await device.DemandStandingAsync(cancellationToken);
        if (Check(wanted, reason) is { } problem)
        {
            return new AskOutcome.Invalid(problem);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync([pairingId], cancellationToken);
        var found = await db.DevicePairings.Include(p => p.Permissions).Where(p => p.Id == pairingId)
            .Select(p => new { Pairing = p, Now = DatabaseClock.Now() }).SingleOrDefaultAsync(cancellationToken);
        if (found is null || !found.Pairing.IsActive || found.Pairing.ExpiresAt <= found.Now.UtcDateTime)
        {
            return new AskOutcome.NotActive();
        }

        var recent = await db.PermissionRequests.Where(r => r.PairingId == pairingId && (r.State == RequestState.Open || r.CreatedAt > DatabaseClock.Now().AddDays(-1)))
            .OrderByDescending(r => r.CreatedAt).ToListAsync(cancellationToken);
        List<AskedScope> answers = [];
        List<PermissionRequest> added = [];
        foreach (var grant in wanted)
        {
            var known = recent.FirstOrDefault(r => r.Scope == grant.Scope && (r.State == RequestState.Open || (r.State == RequestState.Refused && r.CreatedAt > found.Now - Day)));
            if (Holds(found.Pairing, grant, found.Now))
            {
                answers.Add(new AskedScope(null, grant.Scope, "held", grant.ExpiresAt, null, null, null, null));
            }
            else if (known is not null)
            {
                answers.Add(Answer(known));
            }
            else
            {
                added.Add(New(found.Pairing, grant, Names.Clean(reason), found.Now));
                answers.Add(Answer(added[^1]));
            }
        }

        var today = recent.Where(r => r.CreatedAt > found.Now - Day).ToList();
        if (added.Count > 0 && today.Count + added.Count > DailyLimit)
        {
            return new AskOutcome.TooMany(today[^1].CreatedAt + Day - found.Now);
        }

        await SaveAsync(db, device, found.Pairing, added, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AskOutcome.Asked(answers);
    }

    /// <summary>What the device asked for, newest first; at most 50.</summary>
    public async Task<IReadOnlyList<AskedScope>> OfDeviceAsync(string pairingId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.PermissionRequests.AsNoTracking().Where(r => r.PairingId == pairingId).OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Scope).Take(50)
            .Select(r => new AskedScope(r.Id, r.Scope, r.State, r.Until, r.Reason, r.CreatedAt, r.DecidedAt, r.DecisionReason)).ToListAsync(cancellationToken);
    }

    private static async Task SaveAsync(
        DeviceDbContext db, Actor device, DevicePairing pairing, List<PermissionRequest> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
        {
            return;
        }

        db.PermissionRequests.AddRange(added);
        foreach (var request in added)
        {
            db.AddEvent(DeviceEventKind.PermissionRequested, pairing.UserId, device, pairing.Id, pairing.DeviceId, request.Reason, Words(request));
        }

        var policies = await HeldPolicies.ForAsync(db, pairing.UserId, pairing.Id, cancellationToken);
        var forAdmins = added.Any(r => ScopeRules.IsForAdmins(r.Scope, policies));
        db.AddNotice(
            NoticeKind.PermissionRequested, pairing.UserId, device, pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType), added[0].Reason,
            string.Join(", ", added.Select(Words)) + (forAdmins ? PermissionNotices.NeedsAdmin : ""));
        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(new DeviceChange(pairing.UserId, pairing.Id, null), cancellationToken);
    }

    private static PermissionRequest New(DevicePairing pairing, ScopeGrant grant, string? reason, DateTimeOffset now) => new()
    {
        Id = Ids.New(),
        PairingId = pairing.Id,
        UserId = pairing.UserId,
        Scope = grant.Scope,
        Until = grant.ExpiresAt?.ToUniversalTime(),
        Reason = reason,
        State = RequestState.Open,
        CreatedAt = now,
    };

    private static bool Holds(DevicePairing pairing, ScopeGrant grant, DateTimeOffset now) => pairing.Permissions.Any(p =>
        p.Permission == grant.Scope && (p.ExpiresAt is null || (p.ExpiresAt > now.UtcDateTime && grant.ExpiresAt is { } asked && p.ExpiresAt >= PermissionRows.ExpiryOf(grant) && asked > now)));

    private static string Words(PermissionRequest request) => ScopeNames.Of(request.Scope) + PermissionNotices.Until(request.Until);

    private static AskedScope Answer(PermissionRequest request) => new(
        request.Id, request.Scope, request.State, request.Until, request.Reason, request.CreatedAt, request.DecidedAt, request.DecisionReason);

    private string? Check(IReadOnlyList<ScopeGrant> wanted, string? reason)
    {
        if (wanted.Count == 0)
        {
            return "Ask for at least one scope.";
        }

        return reason is { Length: > ReasonLength } ? $"A reason has at most {ReasonLength} characters."
            : reason?.Any(char.IsControl) == true ? "A reason has no control characters."
            : ScopeRules.Check(wanted, time);
    }
}
