using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>
/// Takes back what the policy “unseen” revoked in the last day: such a device works again with the token and the permissions that it
/// had. One that was paired again since has another token, and is left alone. Its owner is told anew before the policy acts on it again.
/// </summary>
public sealed class PolicyTakeBack(IDbContextFactory<DeviceDbContext> databases, AuditLog audit)
{
    private const int Batch = 500;

    /// <summary>How many devices can be taken back now; 0 for people who may not.</summary>
    public async Task<int> CountAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Revoked(db).CountAsync(cancellationToken);
    }

    /// <summary>Takes all of them back, a transaction for each batch; how many. 0 for people who may not.</summary>
    public async Task<int> TakeBackAsync(Actor actor, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return 0;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var done = 0;
        for (var more = true; more;)
        {
            var ids = await Revoked(db).OrderBy(w => w.PairingId).Select(w => w.PairingId).Take(Batch).ToArrayAsync(cancellationToken);
            var restored = await RestoreAsync(db, actor, ids, cancellationToken);
            done += restored;
            more = restored > 0 && ids.Length == Batch;
        }

        await audit.WriteAsync(actor, "policy.taken-back", PolicyNames.Unseen, "ok", $"{done:N0} revocations of the last day.", cancellationToken);
        return done;
    }

    /// <summary>The token was remembered in the transaction that revoked it: whoever revoked it again since did so at another time.</summary>
    private static IQueryable<Data.Policies.PolicyWarning> Revoked(DeviceDbContext db) => db.PolicyWarnings.AsNoTracking()
        .Where(w => w.Policy == PolicyNames.Unseen && w.Act == PolicyActWords.Revoke && w.ActedAt > DatabaseClock.Now().AddDays(-1))
        .Where(w => db.DevicePairings.Any(p => p.Id == w.PairingId && !p.IsActive && p.State == null
            && db.EndedTokens.Any(t => t.Hash == p.SessionToken && t.Reason == "revoked" && t.EndedAt == w.ActedAt)));

    private static async Task<int> RestoreAsync(DeviceDbContext db, Actor actor, string[] ids, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockPairingsAsync(ids, cancellationToken);
        string[] still = await Revoked(db).Where(w => ids.Contains(w.PairingId)).Select(w => w.PairingId).ToArrayAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH restored AS (
                 UPDATE public.device_pairings SET "isActive" = true, "updatedAt" = now() AT TIME ZONE 'utc' WHERE id = ANY ({still}) RETURNING "sessionToken"
             )
             DELETE FROM portal.token_history t USING restored r WHERE t.hash = r."sessionToken"
             """,
            cancellationToken);
        await new DeviceTelling(DeviceEventKind.Released, NoticeKind.DeviceReleased, actor, "The revocation by policy was taken back.", RunId: null)
            .TellAsync(db, still, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return still.Length;
    }
}
