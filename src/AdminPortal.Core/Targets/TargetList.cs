using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Targets;

/// <summary>A target at one glance; times in UTC.</summary>
/// <param name="Verified">The latest verification of this very database.</param>
/// <param name="BackedUpAt">When the latest complete backup of this very database ended.</param>
/// <param name="Running">The operation that works on it now.</param>
/// <param name="SameAs">Other targets whose connection leads to the same database: a mistake in the configuration.</param>
public sealed record TargetRow(
    string Name, bool IsPrimary, bool IsProtected, string? Requires, MigrationStatus Status, TargetVerification? Verified, DateTimeOffset? BackedUpAt,
    TargetRun? Running, IReadOnlyList<string> SameAs)
{
    /// <summary>When a complete backup of this very database was last proven by a restore.</summary>
    public DateTimeOffset? ProvenAt { get; init; }
}

/// <summary>How the latest verification went.</summary>
public sealed record TargetVerification(string Id, DateTimeOffset At, bool Passed, int Errors, int Warnings);

/// <summary>An operation on a target.</summary>
public sealed record TargetRun(string Id, string Title);

/// <summary>The managed databases and how they are. Admins and support see it; none of them being away hides the others.</summary>
public sealed class TargetList(TargetAccess access, MigrationStatuses statuses, IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>In the order in which a release passes them.</summary>
    public async Task<IReadOnlyList<TargetRow>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        var found = await Task.WhenAll(access.Names.Select(name => statuses.ReadAsync(name, cancellationToken)));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        List<TargetRow> rows = [];
        foreach (var status in found)
        {
            rows.Add(await RowAsync(db, status, found, cancellationToken));
        }

        return rows;
    }

    private async Task<TargetRow> RowAsync(PortalDbContext db, MigrationStatus status, IReadOnlyList<MigrationStatus> all, CancellationToken cancellationToken)
    {
        var settings = access.Settings(status.Target);
        var identity = Identity(status);
        var verified = await db.Verifications.AsNoTracking().Where(v => v.Target == status.Target && (identity == null || v.Identity == identity)).OrderByDescending(v => v.StartedAt)
            .Select(v => new TargetVerification(v.Id, v.FinishedAt, v.Passed, v.Errors, v.Warnings)).FirstOrDefaultAsync(cancellationToken);
        var backups = db.Backups.AsNoTracking().Where(b => b.Target == status.Target && b.State == BackupState.Complete && (identity == null || b.Identity == identity));
        var backup = await backups.MaxAsync(b => b.FinishedAt, cancellationToken);
        var running = await db.OperationRuns.AsNoTracking().Where(r => r.ExclusiveKey == TargetAccess.ExclusiveKey(status.Target) && r.FinishedAt == null)
            .Select(r => new TargetRun(r.Id, r.Title)).FirstOrDefaultAsync(cancellationToken);
        return new TargetRow(
            status.Target, access.PrimaryName == status.Target, settings.Protected, access.Find(settings.Requires), status, verified, backup, running,
            await SameAsAsync(status, all, cancellationToken))
        {
            ProvenAt = await backups.MaxAsync(b => b.RestoredAt, cancellationToken),
        };
    }

    /// <summary>Those of the same identity that share its locks too: a server made by copying another one's files has its identity.</summary>
    private async Task<IReadOnlyList<string>> SameAsAsync(MigrationStatus status, IReadOnlyList<MigrationStatus> all, CancellationToken cancellationToken)
    {
        List<string> same = [];
        foreach (var other in all.Where(other => other != status && Identity(status) is { } identity && Identity(other) == identity))
        {
            try
            {
                if (await TargetStrings.AreOneAsync(access.Owner(status.Target).ConnectionString, access.Owner(other.Target).ConnectionString, cancellationToken))
                {
                    same.Add(other.Target);
                }
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception))
            {
                same.Add(other.Target); // it has gone since: not told apart is the safer answer
            }
        }

        return same;
    }

    private static string? Identity(MigrationStatus status) => (status as MigrationStatus.Known)?.Identity.Key;
}
