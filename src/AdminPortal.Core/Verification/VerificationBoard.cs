using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Verification;

/// <summary>A target with its newest verification, for the list of targets.</summary>
/// <param name="RunId">The verification or repair that runs at the moment; null: none.</param>
public sealed record VerifiedTarget(string Target, bool IsPrimary, string? Requires, VerificationSummary? Latest, string? RunId);

/// <summary>Everything about one target's verifications.</summary>
/// <param name="Results">The newest first, with their checks.</param>
/// <param name="RunId">The verification or repair that runs at the moment; null: none.</param>
public sealed record VerifiedTargetDetails(string Target, IReadOnlyList<VerificationResult> Results, string? RunId)
{
    public VerificationResult? Latest => Results is [var latest, ..] ? latest : null;
}

/// <summary>What pages about verification read; from the portal's own database only, so that it works while targets are away.</summary>
public sealed class VerificationBoard(TargetAccess access, Verifications verifications, IDbContextFactory<PortalDbContext> contexts)
{
    private const int Kept = 12;

    /// <summary>For admins and support; empty for others.</summary>
    public async Task<IReadOnlyList<VerifiedTarget>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        var rows = new List<VerifiedTarget>();
        foreach (var name in access.Names)
        {
            rows.Add(new VerifiedTarget(
                name, name == access.PrimaryName, access.Settings(name).Requires, await verifications.LatestAsync(name, cancellationToken), await RunningAsync(name, cancellationToken)));
        }

        return rows;
    }

    /// <summary>Null when there is no such target that the actor may see.</summary>
    public async Task<VerifiedTargetDetails?> FindAsync(Actor actor, string target, CancellationToken cancellationToken) =>
        actor.SeesEveryone && access.Find(target) is { } name
            ? new VerifiedTargetDetails(name, await verifications.ResultsAsync(name, Kept, cancellationToken), await RunningAsync(name, cancellationToken))
            : null;

    private async Task<string?> RunningAsync(string target, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.OperationRuns.Where(r => r.Target == target && r.FinishedAt == null && (r.Kind == VerificationRuns.Verify || r.Kind == VerificationRuns.Repair))
            .OrderBy(r => r.CreatedAt).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
