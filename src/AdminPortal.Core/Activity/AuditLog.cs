using AdminPortal.Data;
using AdminPortal.Data.Activity;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Activity;

/// <summary>
/// Writes <c>portal.audit_events</c>: who did what to accounts and the portal. Nothing secret goes in: no password, token, link or
/// text that a stranger typed.
/// </summary>
public sealed class AuditLog(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>An event of its own, for what changes no other row.</summary>
    public async Task WriteAsync(
        Actor actor, string action, string? subject, string outcome, string? reason, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Add(db, actor, action, subject, outcome, reason);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>An event that is saved together with the change it tells of.</summary>
    internal static void Add(
        PortalDbContext db, Actor actor, string action, string? subject, string outcome = "ok", string? reason = null) =>
        db.AuditEvents.Add(new AuditEvent
        {
            ActorId = actor.Id,
            ActorName = actor.Name,
            ActorRole = actor.Role?.ToString(),
            Action = action,
            Subject = subject,
            Outcome = outcome,
            Reason = reason,
            Address = actor.Address,
        });
}
