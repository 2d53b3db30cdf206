using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Migrations;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// A release passes the required target first: the same SQL really ran there, and a verification passed since, not long ago.
/// What was adopted or resolved there does not count: nobody saw it run.
/// </summary>
public sealed class MigrationGates(TargetAccess access, MigrationStatuses statuses, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>Evidence gets old: data and load change.</summary>
    public static readonly TimeSpan Evidence = TimeSpan.FromDays(7);

    public async Task<MigrationGate> ReadAsync(string target, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        if (access.Settings(target).Requires is not { } configured || pending.Count == 0)
        {
            return new MigrationGate(null, []);
        }

        var required = access.Find(configured)!;
        if (await statuses.ReadAsync(required, cancellationToken) is not MigrationStatus.Known status)
        {
            return new MigrationGate(required, [$"The target “{required}” cannot be asked at the moment."]);
        }

        var ran = await RanAsync(required, status.Identity.Key, cancellationToken);
        var applied = status.Migrations.Where(m => m.State == MigrationState.Applied).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        List<string> missing = [.. pending.Where(m => !applied.Contains(m.Id) || ran.GetValueOrDefault(m.Id)?.SqlHash != m.SqlHash)
            .Select(m => applied.Contains(m.Id) ? $"“{m.Name}” is on “{required}”, but this SQL was not seen to run there." : $"“{m.Name}” has not run on “{required}”.")];
        if (missing.Count == 0)
        {
            var last = pending.Max(m => ran[m.Id].FinishedAt)!.Value;
            if (await VerificationAsync(required, status.Identity.Key, last, cancellationToken) is { } objection)
            {
                missing.Add(objection);
            }
        }

        return new MigrationGate(required, missing);
    }

    /// <summary>
    /// The last successful run of each migration on a target. One that a deployment left in place, because the host has the same already, counts
    /// like one that ran: it was decided in that run. What an adoption recorded was seen by nobody, and does not count.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, MigrationRecordRow>> RanAsync(string target, string identity, CancellationToken cancellationToken)
    {
        var records = await statuses.RecordsAsync(target, identity, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var left = records.Where(r => r.Act == MigrationAct.Adopted).Select(r => r.RunId).Distinct().ToList();
        var deployments = await db.OperationRuns.AsNoTracking().Where(r => left.Contains(r.Id) && r.Kind == MigrationRuns.Deploy).Select(r => r.Id).ToListAsync(cancellationToken);
        return records.Where(r => r.Succeeded == true && (r.Act == MigrationAct.Up || (r.Act == MigrationAct.Adopted && deployments.Contains(r.RunId!))))
            .GroupBy(r => r.MigrationId).ToDictionary(g => g.Key, g => g.Last());
    }

    private async Task<string?> VerificationAsync(string required, string identity, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var latest = await db.Verifications.AsNoTracking().Where(v => v.Target == required && v.Identity == identity).OrderByDescending(v => v.StartedAt)
            .Select(v => new { v.StartedAt, v.Passed }).FirstOrDefaultAsync(cancellationToken);
        return latest switch
        {
            null => $"“{required}” was never verified.",
            { Passed: false } => $"The last verification of “{required}” failed.",
            _ when latest.StartedAt < since => $"“{required}” was not verified since it was migrated.",
            _ when latest.StartedAt < time.GetUtcNow() - Evidence => $"The last verification of “{required}” is older than {Evidence.Days} days.",
            _ => null,
        };
    }
}
