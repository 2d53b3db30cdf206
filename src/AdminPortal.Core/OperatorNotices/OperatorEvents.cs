using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Notices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>
/// Finds what happened in the last day. Nothing is remembered between two looks: what was told already is known by its source, so a portal that was
/// down tells afterwards, and two instances tell once.
/// </summary>
public sealed class OperatorEvents(IDbContextFactory<PortalDbContext> portals, IDbContextFactory<DeviceDbContext> databases, IEnumerable<IPortalJob> jobs, TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(1);

    /// <summary>So many in an hour are a burst, also where each source stays below what is recorded of one.</summary>
    private const int BurstAttempts = 100;
    private static readonly string[] Refusals = [RefusedAttempts.Action, RefusedAttempts.OftenAction, "sign-in.failed", "second-factor.failed"];
    private static readonly string[] OfBackups = [BackupRunKinds.Take, BackupRunKinds.Prove, BackupRunKinds.Restore];

    internal async Task<IReadOnlyList<OperatorEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        var from = time.GetUtcNow() - LookedBack;
        await using var db = await portals.CreateDbContextAsync(cancellationToken);
        List<OperatorEvent> events = [.. await JobsAsync(db, from, cancellationToken), .. await RunsAsync(db, from, cancellationToken), .. await VerificationsAsync(db, from, cancellationToken), .. await RefusalsAsync(db, from, cancellationToken)];
        try
        {
            await using var devices = await databases.CreateDbContextAsync(cancellationToken);
            events.AddRange(await DevicesAsync(devices, from, cancellationToken));
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            // What concerns devices is told when their database is back.
        }

        return events;
    }

    private async Task<List<OperatorEvent>> JobsAsync(PortalDbContext db, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var failed = await db.JobRuns.AsNoTracking().Where(r => r.FinishedAt > from && (r.Outcome == JobOutcome.Failed || r.Outcome == JobOutcome.Abandoned))
            .OrderByDescending(r => r.Id).Take(Most).ToListAsync(cancellationToken);
        return failed.ConvertAll(r => new OperatorEvent(
            OperatorTopic.Jobs, NoticeKind.JobFailed, $"job:{r.Id}", r.FinishedAt!.Value, jobs.FirstOrDefault(job => job.Name == r.Job)?.Title ?? r.Job, r.Message));
    }

    private static async Task<List<OperatorEvent>> RunsAsync(PortalDbContext db, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var failed = await db.OperationRuns.AsNoTracking().Where(r => r.FinishedAt > from && r.State == RunState.Failed)
            .OrderByDescending(r => r.FinishedAt).Take(Most).ToListAsync(cancellationToken);
        return failed.ConvertAll(r => new OperatorEvent(
            OfBackups.Contains(r.Kind) ? OperatorTopic.Backups : OperatorTopic.Runs, NoticeKind.RunFailed, $"failed-run:{r.Id}", r.FinishedAt!.Value, r.Title, r.Error, r.Id));
    }

    private static async Task<List<OperatorEvent>> VerificationsAsync(PortalDbContext db, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var failed = await db.Verifications.AsNoTracking().Where(v => v.FinishedAt > from && !v.Passed)
            .OrderByDescending(v => v.FinishedAt).Take(Most).Select(v => new { v.Id, v.Target, v.Errors, v.FinishedAt }).ToListAsync(cancellationToken);
        return failed.ConvertAll(v => new OperatorEvent(
            OperatorTopic.Verifications, NoticeKind.VerificationFailed, $"verification:{v.Id}", v.FinishedAt, v.Target, v.Errors == 1 ? "1 error" : $"{v.Errors} errors"));
    }

    /// <summary>Once an hour at most, whoever tries from wherever.</summary>
    private static async Task<List<OperatorEvent>> RefusalsAsync(PortalDbContext db, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var bursts = await db.Database.SqlQuery<Burst>($"""
            SELECT date_trunc('hour', at) AS "Hour", max(at) AS "At", count(*)::int AS "Attempts", count(DISTINCT COALESCE(address, "actorId"))::int AS "Sources"
            FROM portal.audit_events WHERE at > {from} AND action = ANY ({Refusals})
            GROUP BY 1 HAVING count(*) >= {BurstAttempts} OR bool_or(action = {RefusedAttempts.OftenAction}) ORDER BY 1 DESC
            """).ToListAsync(cancellationToken);
        return bursts.ConvertAll(b => new OperatorEvent(
            OperatorTopic.Refusals, NoticeKind.AttemptsRefused, $"refused:{b.Hour.ToUnixTimeSeconds()}", b.At, $"{b.Attempts:N0} attempts", b.Sources == 1 ? "from one source" : $"from {b.Sources:N0} sources"));
    }

    private async Task<List<OperatorEvent>> DevicesAsync(DeviceDbContext db, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var alerts = await db.DeviceAlerts.AsNoTracking().Where(a => a.OpenedAt > from).OrderByDescending(a => a.Id).Take(Most)
            .Select(a => new { a.Id, a.OpenedAt, a.DeviceTitle }).ToListAsync(cancellationToken);
        var held = await db.DevicePolicies.AsNoTracking().Where(p => p.Enabled && p.HeldAt > from)
            .Select(p => new { p.Name, HeldAt = p.HeldAt!.Value, p.HeldDevices, p.HeldOf }).ToListAsync(cancellationToken);
        List<OperatorEvent> events =
        [
            .. alerts.Select(a => new OperatorEvent(OperatorTopic.Alerts, NoticeKind.DeviceDisowned, $"alert:{a.Id}", a.OpenedAt, a.DeviceTitle ?? "a device", null, IsToldAlready: true)),
            .. held.Select(p => new OperatorEvent(
                OperatorTopic.Policies, NoticeKind.PolicyHeld, $"policy:{p.Name}:{p.HeldAt.ToUnixTimeMilliseconds()}", p.HeldAt, p.Name, $"{p.HeldDevices:N0} of {p.HeldOf:N0} devices", IsToldAlready: true)),
        ];
        var waiting = await db.PermissionRequests.AsNoTracking().Where(r => r.State == RequestState.Open && r.CreatedAt < from).Take(Most).CountAsync(cancellationToken);
        if (waiting > 0)
        {
            // Once a day, as long as somebody waits.
            events.Add(new OperatorEvent(
                OperatorTopic.Queues, NoticeKind.QueueWaits, $"queue:{time.GetUtcNow():yyyy-MM-dd}", time.GetUtcNow(), "Permission requests", waiting == 1 ? "1 request" : $"{waiting} requests"));
        }

        return events;
    }

    private sealed record Burst(DateTimeOffset Hour, DateTimeOffset At, int Attempts, int Sources);
}

/// <summary>Something that who runs the portal should hear of.</summary>
/// <param name="Kind">One of <see cref="Data.Notices.NoticeKind"/>'s words.</param>
/// <param name="Source">The same event has the same, so that it is told once.</param>
/// <param name="Name">What it is about, by name.</param>
/// <param name="Id">The run that it is about; null: none.</param>
/// <param name="IsToldAlready">True: people are told from the outbox, and only the webhook is told from here.</param>
internal sealed record OperatorEvent(
    OperatorTopic Topic, string Kind, string Source, DateTimeOffset At, string Name, string? Detail, string? Id = null, bool IsToldAlready = false)
{
    public NoticeText Text => NoticeWords.Of(new NoticeRow(0, At, Kind, Id, Name, null, null, Detail, 1, IsRead: false));
}
