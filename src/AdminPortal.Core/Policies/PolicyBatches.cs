using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Policies;

/// <summary>Takes the devices that a policy is about in batches, for as long as the policy is on as the run found it.</summary>
internal sealed class PolicyBatches(DeviceDbContext db, PolicyRow policy, PolicyOptions options)
{
    private const int Batch = 500;

    /// <summary>The policy was switched off or saved anew: nothing more is done.</summary>
    public bool Changed { get; private set; }

    /// <summary>All of them, a transaction for each batch.</summary>
    public Task<int> RunAsync(IQueryable<DevicePairing> due, Func<List<DevicePairing>, Task<int>> act, CancellationToken cancellationToken) =>
        RunAsync(due, int.MaxValue, act, cancellationToken);

    /// <summary>As many as were counted, if those are not too many, or an admin has said yes to so many; else they are held.</summary>
    public async Task<(int Acted, int? Held)> RunIfAllowedAsync(
        IQueryable<DevicePairing> due, Func<List<DevicePairing>, Task<int>> act, CancellationToken cancellationToken)
    {
        var devices = await due.CountAsync(cancellationToken);
        var working = await PolicyMatches.CountWorkingAsync(db, cancellationToken);
        if (options.NeedsYes(devices, working) && !(policy.AllowedDevices >= devices))
        {
            await HoldAsync(devices, working, cancellationToken);
            return (0, devices);
        }

        if (policy.Held is not null)
        {
            await db.Database.ExecuteSqlAsync(
                $"""UPDATE portal.device_policies SET "heldDevices" = NULL, "heldOf" = NULL, "heldAt" = NULL WHERE name = {policy.Name}""", cancellationToken);
        }

        return (await RunAsync(due, devices, act, cancellationToken), null);
    }

    /// <summary>Ends when nothing is left, when the policy has changed, or when an act changed nothing.</summary>
    private async Task<int> RunAsync(IQueryable<DevicePairing> due, int most, Func<List<DevicePairing>, Task<int>> act, CancellationToken cancellationToken)
    {
        var done = 0;
        while (done < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = await due.OrderBy(p => p.LastSeenAt).ThenBy(p => p.Id).Select(p => p.Id).Take(Math.Min(Batch, most - done)).ToArrayAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (Changed || !await HoldsAsync(cancellationToken))
            {
                Changed = true;
                break;
            }

            await db.LockPairingsAsync(ids, cancellationToken);
            var batch = await due.Where(p => ids.Contains(p.Id)).ToListAsync(cancellationToken);
            var changed = batch.Count == 0 ? 0 : await act(batch);
            await transaction.CommitAsync(cancellationToken);
            db.ChangeTracker.Clear();
            done += changed;
            if (ids.Length == 0 || (batch.Count > 0 && changed == 0))
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Whoever saves the policy waits for the batch that is at work, and after that no other begins.</summary>
    private async Task<bool> HoldsAsync(CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<int>(
            $"""SELECT 1 AS "Value" FROM portal.device_policies WHERE name = {policy.Name} AND enabled AND version = {policy.Version} FOR SHARE""")
            .ToListAsync(cancellationToken)).Count == 1;

    /// <summary>Admins are told the first time, not every night.</summary>
    private async Task HoldAsync(int devices, int working, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var held = await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE portal.device_policies SET "heldDevices" = {devices}, "heldOf" = {working}, "heldAt" = now()
             WHERE name = {policy.Name} AND enabled AND version = {policy.Version}
             """,
            cancellationToken);
        if (held > 0 && policy.Held is null)
        {
            db.AddNotice(NoticeKind.PolicyHeld, userId: "", Actor.Portal, deviceTitle: policy.Name, detail: $"{devices:N0} of {working:N0} active devices");
            await db.SaveChangesAsync(cancellationToken);
        }

        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }
}
