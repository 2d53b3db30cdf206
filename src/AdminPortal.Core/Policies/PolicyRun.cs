using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Notices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Policies;

/// <summary>What a run of the policies found and did.</summary>
/// <param name="Matches">Devices that match, as the simulator counts them, before anything was done.</param>
/// <param name="Acted">Quarantined, revoked or shortened.</param>
/// <param name="Held">So many devices wait for an admin's yes; null: nothing waits.</param>
/// <param name="Changed">The policy was switched off or saved anew meanwhile, and the run stopped there.</param>
/// <param name="GraceUntil">The portal was away; nothing is done to devices before this time.</param>
public sealed record PolicyRunResult(
    string Policy, int Matches, int Warned, int Acted, int? Held = null, bool Changed = false, DateTimeOffset? GraceUntil = null);

/// <summary>
/// Does what the policies that are switched on say to existing devices, as the portal itself, in batches. Each device is
/// looked at once more under its lock, so that one that is used in this moment is left alone; before each batch the policy is asked
/// whether it still holds. Too many devices at once wait for an admin's yes. Policies about new pairings and grants do nothing here.
/// </summary>
public sealed class PolicyRun(IDbContextFactory<DeviceDbContext> databases, IOptions<PolicyOptions> options)
{
    public async Task<IReadOnlyList<PolicyRunResult>> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await AnsweredTime.NoteAsync(db, cancellationToken); // also when this is the first thing that a portal does after a gap
        var absences = await AnsweredTime.ReadAsync(db, cancellationToken);
        List<PolicyRunResult> results = [];
        foreach (var policy in (await PolicyList.ReadAsync(db, cancellationToken)).Where(p => p.Enabled))
        {
            var batches = new PolicyBatches(db, policy, options.Value);
            switch (policy.Settings)
            {
                case PolicySettings.Unseen unseen:
                    results.Add(await RunAsync(db, batches, unseen, absences, cancellationToken));
                    break;
                case PolicySettings.LongestPairing { ShortenExisting: true } longest:
                    results.Add(await RunAsync(db, batches, longest, cancellationToken));
                    break;
            }
        }

        return results;
    }

    private static async Task<PolicyRunResult> RunAsync(
        DeviceDbContext db, PolicyBatches batches, PolicySettings.Unseen settings, Absences absences, CancellationToken cancellationToken)
    {
        // A device that was used since its owner was told starts anew.
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM portal.policy_warnings w USING public.device_pairings p
             WHERE w.policy = {PolicyNames.Unseen} AND p.id = w."pairingId" AND p."lastSeenAt" > w."warnedAt" AT TIME ZONE 'utc'
             """,
            cancellationToken);
        var matches = await PolicyMatches.Of(db, settings, absences).CountAsync(cancellationToken);
        var (telling, acting) = (Ids.New(), Ids.New()); // people hear of all their devices at once
        var warned = await batches.RunAsync(PolicyMatches.ToWarn(db, settings, absences), batch => WarnAsync(db, settings, batch, telling, cancellationToken), cancellationToken);
        var (acted, held) = await batches.RunIfAllowedAsync(
            PolicyMatches.Due(db, settings, absences), batch => ActAsync(db, settings, [.. batch.Select(p => p.Id)], acting, cancellationToken), cancellationToken);
        return new PolicyRunResult(PolicyNames.Unseen, matches, warned, acted, held, batches.Changed, absences.GraceUntil);
    }

    private static async Task<PolicyRunResult> RunAsync(
        DeviceDbContext db, PolicyBatches batches, PolicySettings.LongestPairing settings, CancellationToken cancellationToken)
    {
        var run = Ids.New();
        var told = new PolicyTold(DeviceEventKind.PolicyShortened, NoticeKind.PairingShortened, $"{(settings.Days == 1 ? "1 day is" : $"{settings.Days} days are")} left.");
        var matches = await PolicyMatches.Of(db, settings).CountAsync(cancellationToken);
        var (shortened, held) = await batches.RunIfAllowedAsync(
            PolicyMatches.Of(db, settings),
            async batch =>
            {
                var (ids, days) = (batch.Select(p => p.Id).ToArray(), settings.Days);
                var count = await db.DevicePairings.Where(p => ids.Contains(p.Id)).ExecuteUpdateAsync(
                    set => set.SetProperty(p => p.ExpiresAt, _ => DatabaseClock.UtcNow().AddDays(days)).SetProperty(p => p.UpdatedAt, _ => DatabaseClock.UtcNow()), cancellationToken);
                await TellAsync(db, batch, settings, told, run, cancellationToken);
                return count;
            },
            cancellationToken);
        return new PolicyRunResult(PolicyNames.LongestPairing, matches, 0, shortened, held, batches.Changed);
    }

    /// <summary>Tells the owners, and keeps what they were told: of a device that was spoken of before, what is told now.</summary>
    private static async Task<int> WarnAsync(DeviceDbContext db, PolicySettings.Unseen settings, List<DevicePairing> batch, string run, CancellationToken cancellationToken)
    {
        var (ids, act, days) = (batch.Select(p => p.Id).ToArray(), PolicyActWords.Of(settings.Act), settings.DaysToAct);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.policy_warnings (policy, "pairingId", act, "actsAt")
             SELECT {PolicyNames.Unseen}, id, {act}, now() + make_interval(days => {days}) FROM unnest({ids}) AS told(id)
             ON CONFLICT (policy, "pairingId") DO UPDATE SET "warnedAt" = now(), act = excluded.act, "actsAt" = excluded."actsAt", "actedAt" = NULL
             """,
            cancellationToken);
        var what = settings.Act == UnseenAct.Quarantine ? "quarantined" : "revoked";
        var told = new PolicyTold(DeviceEventKind.PolicyWarned, NoticeKind.PolicyWarning, $"{what} in {(days == 1 ? "1 day" : $"{days} days")} unless used before.");
        await TellAsync(db, batch, settings, told, run, cancellationToken);
        return batch.Count;
    }

    private static async Task<int> ActAsync(DeviceDbContext db, PolicySettings.Unseen settings, string[] ids, string run, CancellationToken cancellationToken)
    {
        var (reason, act) = ($"Policy “{PolicyNames.Unseen}”: {settings.Describe()}", PolicyActWords.Of(settings.Act));
        string[] done = [.. settings.Act == UnseenAct.Quarantine
            ? await DeviceQuarantines.SuspendAsync(db, Actor.Portal, ids, reason, run, cancellationToken)
            : await DeviceEndings.EndAsync(db, Actor.Portal, ids, reason, run, requestedAt: null, cancellationToken)];
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO portal.policy_warnings (policy, "pairingId", act, "actsAt", "actedAt")
             SELECT {PolicyNames.Unseen}, id, {act}, now(), now() FROM unnest({done}) AS done(id)
             ON CONFLICT (policy, "pairingId") DO UPDATE SET act = excluded.act, "actedAt" = now()
             """,
            cancellationToken);
        return done.Length;
    }

    private static async Task TellAsync(
        DeviceDbContext db, List<DevicePairing> batch, PolicySettings settings, PolicyTold told, string run, CancellationToken cancellationToken)
    {
        var reason = $"Policy “{settings.PolicyName()}”: {settings.Describe()}";
        foreach (var pairing in batch)
        {
            db.AddEvent(told.EventKind, pairing.UserId, Actor.Portal, pairing.Id, pairing.DeviceId, reason, told.Detail, run);
            db.AddNotice(
                told.NoticeKind, pairing.UserId, Actor.Portal, pairing.Id, pairing.DeviceName ?? DeviceTypeLabels.Of(pairing.DeviceType), reason, told.Detail, run);
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
    }

    /// <summary>What history and people are told of the devices of a batch.</summary>
    private sealed record PolicyTold(string EventKind, string NoticeKind, string Detail);
}
