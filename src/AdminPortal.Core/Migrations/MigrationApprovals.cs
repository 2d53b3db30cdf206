using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Migrations;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Migrations;

/// <summary>Keeps who agreed to exactly which SQL on which database.</summary>
public sealed class MigrationApprovals(IDbContextFactory<PortalDbContext> contexts, MigrationPreviews previews, TargetAccess access)
{
    /// <summary>For admins. Refused when the hash is not the one of the preview as it is now.</summary>
    public async Task<MigrationOutcome> ApproveAsync(Actor actor, string target, string approvalHash, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new MigrationOutcome.NotAllowed();
        }

        if (access.Exists(target) && await FreshSignIn.MissingAsync(actor, access, target, cancellationToken) is { } missing)
        {
            return new MigrationOutcome.Refused([missing]);
        }

        var (preview, status) = await previews.ReadAsync(target, cancellationToken);
        if (preview is null)
        {
            return new MigrationOutcome.NotReady(status);
        }

        if (preview.Pending.Count == 0)
        {
            return new MigrationOutcome.Nothing("Every migration is applied: there is nothing to approve.");
        }

        if (preview.ApprovalHash != approvalHash)
        {
            return new MigrationOutcome.Changed();
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.MigrationApprovals.Add(new MigrationApproval
        {
            Id = Ids.New(),
            Target = target,
            ApprovalHash = approvalHash,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Reason = Names.Clean(reason),
        });
        AuditLog.Add(db, actor, "migration.approved", target, "done", Names.Clean(reason));
        await db.SaveChangesAsync(cancellationToken);
        return new MigrationOutcome.Nothing($"Approved: {preview.Pending.Count} pending.");
    }

    /// <summary>Binds an approval to the one run that it allows. False: another run has it.</summary>
    internal async Task<bool> UseAsync(string approvalId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.MigrationApprovals.Where(a => a.Id == approvalId && a.UsedByRunId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedByRunId, runId), cancellationToken) == 1;
    }

    /// <summary>The run did not come to be.</summary>
    internal async Task GiveBackAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.MigrationApprovals.Where(a => a.UsedByRunId == runId).ExecuteUpdateAsync(set => set.SetProperty(a => a.UsedByRunId, (string?)null), cancellationToken);
    }
}
