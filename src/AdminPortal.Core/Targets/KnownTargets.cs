using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Remembers which database stands behind each target's name. Operations refuse to run on another one until an admin says
/// that it is meant: a wrong connection string must not migrate somebody's database.
/// </summary>
public sealed class KnownTargets(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>True when it is the one that is remembered, or the first one seen under this name, which is remembered now.</summary>
    public async Task<bool> IsKnownAsync(string target, TargetIdentity identity, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO portal.known_targets (name, identity) VALUES ({target}, {identity.Key}) ON CONFLICT (name) DO NOTHING", cancellationToken);
        return await db.KnownTargets.AnyAsync(t => t.Name == target && t.Identity == identity.Key, cancellationToken);
    }

    /// <summary>An admin says that the database that answers now is meant; on record.</summary>
    public async Task<bool> AcceptAsync(Actor actor, string target, TargetIdentity identity, string reason, CancellationToken cancellationToken)
    {
        await actor.DemandFreshAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.KnownTargets.FirstOrDefaultAsync(t => t.Name == target, cancellationToken);
        if (known is null)
        {
            db.KnownTargets.Add(new KnownTarget { Name = target, Identity = identity.Key });
        }
        else
        {
            known.Identity = identity.Key;
        }

        AuditLog.Add(db, actor, "target.accepted", target, "done", $"{reason} ({identity.Key})");
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}
