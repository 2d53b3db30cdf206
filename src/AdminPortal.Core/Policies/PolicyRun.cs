using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Policies;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>What a run of the policies found and did.</summary>
/// <param name="Matches">Devices that match, as the simulator counts them, before anything was done.</param>
/// <param name="Acted">Quarantined, ended or shortened.</param>
public sealed record PolicyRunResult(string Policy, int Matches, int Warned, int Acted);

/// <summary>
/// Does what the policies that are switched on say to existing devices, as the portal itself, in batches. Each device is
/// looked at once more under its lock, so that one that is used in this moment is left alone. Policies about new
/// pairings and grants do nothing here.
/// </summary>
public sealed class PolicyRun(IDbContextFactory<DeviceDbContext> databases)
{
    private const int Batch = 500;

    public async Task<IReadOnlyList<PolicyRunResult>> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        List<PolicyRunResult> results = [];
        foreach (var policy in (await PolicyList.ReadAsync(db, cancellationToken)).Where(p => p.Enabled))
        {
            switch (policy.Settings)
            {
                case PolicySettings.Unseen unseen:
                    results.Add(await RunAsync(db, unseen, cancellationToken));
                    break;
                case PolicySettings.LongestPairing { ShortenExisting: true } longest:
                    results.Add(await RunAsync(db, longest, cancellationToken));
                    break;
            }
        }

        return results;
    }

    private static async Task<PolicyRunResult> RunAsync(DeviceDbContext db, PolicySettings.Unseen settings, CancellationToken cancellationToken)
    {
        // A device that was used since its owner was told starts anew.
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM portal.policy_warnings w USING public.device_pairings p
             WHERE w.policy = {PolicyNames.Unseen} AND p.id = w."pairingId" AND p."lastSeenAt" > w."warnedAt" AT TIME ZONE 'utc'
             """,
            cancellationToken);
        var matches = await PolicyMatches.Of(db, settings).CountAsync(cancellationToken);
        var warned = await InBatchesAsync(db, PolicyMatches.ToWarn(db, settings), batch => WarnAsync(db, settings, batch, cancellationToken), cancellationToken);
        var reason = $"Policy “{PolicyNames.Unseen}”: {settings.Describe()}";
        var acted = await InBatchesAsync(
            db, PolicyMatches.Due(db, settings),
            async batch =>
            {
                var ids = batch.Select(p => p.Id).ToArray();
                return (settings.Act == UnseenAct.Quarantine
                    ? await DeviceQuarantines.SuspendAsync(db, Actor.Portal, ids, reason, null, cancellationToken)
                    : await DeviceEndings.EndAsync(db, Actor.Portal, ids, reason, cancellationToken)).Count;
            },
            cancellationToken);
        return new PolicyRunResult(PolicyNames.Unseen, matches, warned, acted);
    }

    private static async Task<PolicyRunResult> RunAsync(DeviceDbContext db, PolicySettings.LongestPairing settings, CancellationToken cancellationToken)
    {
        var matches = await PolicyMatches.Of(db, settings).CountAsync(cancellationToken);
        var shortened = await InBatchesAsync(
            db, PolicyMatches.Of(db, settings),
            async batch =>
            {
                var (ids, days) = (batch.Select(p => p.Id).ToArray(), settings.Days);
                var count = await db.DevicePairings.Where(p => ids.Contains(p.Id)).ExecuteUpdateAsync(
                    set => set.SetProperty(p => p.ExpiresAt, _ => DatabaseClock.UtcNow().AddDays(days)).SetProperty(p => p.UpdatedAt, _ => DatabaseClock.UtcNow()), cancellationToken);
                await TellAsync(db, batch, PolicyNames.LongestPairing, settings, $"The pairing was shortened to {settings.Days} days from now.", cancellationToken);
                return count;
            },
            cancellationToken);
        return new PolicyRunResult(PolicyNames.LongestPairing, matches, 0, shortened);
    }

    private static async Task<int> WarnAsync(DeviceDbContext db, PolicySettings.Unseen settings, List<DevicePairing> batch, CancellationToken cancellationToken)
    {
        db.PolicyWarnings.AddRange(batch.Select(p => new PolicyWarning { Policy = PolicyNames.Unseen, PairingId = p.Id }));
        var what = settings.Act == UnseenAct.Quarantine ? "quarantined" : "ended for good";
        await TellAsync(db, batch, PolicyNames.Unseen, settings, $"It will be {what} in {settings.ActAfterDays} {(settings.ActAfterDays == 1 ? "day" : "days")} unless it is used before.", cancellationToken);
        return batch.Count;
    }

    private static async Task TellAsync(
        DeviceDbContext db, List<DevicePairing> batch, string policy, PolicySettings settings, string detail, CancellationToken cancellationToken)
    {
        var reason = $"Policy “{policy}”: {settings.Describe()}";
        foreach (var pairing in batch)
        {
            db.AddEvent(DeviceEventKind.PolicyWarned, pairing.UserId, Actor.Portal, pairing.Id, pairing.DeviceId, reason, detail);
            db.AddNotice(
                NoticeKind.PolicyWarning, pairing.UserId, Actor.Portal, pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType), reason, detail);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
    }

    /// <summary>A transaction for each batch. Ends when nothing is left, or when an act changed nothing.</summary>
    private static async Task<int> InBatchesAsync(
        DeviceDbContext db, IQueryable<DevicePairing> due, Func<List<DevicePairing>, Task<int>> act, CancellationToken cancellationToken)
    {
        for (var done = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = await due.OrderBy(p => p.LastSeenAt).ThenBy(p => p.Id).Select(p => p.Id).Take(Batch).ToArrayAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.LockPairingsAsync(ids, cancellationToken);
            var batch = await due.Where(p => ids.Contains(p.Id)).ToListAsync(cancellationToken);
            var changed = batch.Count == 0 ? 0 : await act(batch);
            await transaction.CommitAsync(cancellationToken);
            db.ChangeTracker.Clear();
            done += changed;
            if (ids.Length == 0 || (batch.Count > 0 && changed == 0))
            {
                return done;
            }
        }
    }
}
