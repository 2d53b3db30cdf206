using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Data;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Alerts;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Alerts;

/// <summary>Reads alerts, for admins and support.</summary>
public sealed class AlertList(IDbContextFactory<DeviceDbContext> databases)
{
    private const int Shown = 10;
    private const int HistoryLength = 30;

    /// <param name="closed">False: those that wait for an admin. True: those that are done with.</param>
    /// <param name="before">The id of the last alert of the page before; ids sort by time.</param>
    /// <exception cref="UnauthorizedAccessException">The actor may not see everyone's devices.</exception>
    public async Task<AlertPage> ListAsync(Actor actor, bool closed, string? before, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            throw new UnauthorizedAccessException("Only admins and support see alerts.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var wanted = db.DeviceAlerts.AsNoTracking().Where(a => a.ClosedAt != null == closed);
        if (!string.IsNullOrEmpty(before) && !before.Contains('\0', StringComparison.Ordinal))
        {
            wanted = wanted.Where(a => a.Id.CompareTo(before) < 0);
        }

        var alerts = await wanted.OrderByDescending(a => a.Id).Take(Shown + 1).ToListAsync(cancellationToken);
        var rows = new List<AlertRow>();
        foreach (var alert in alerts.Take(Shown))
        {
            rows.Add(await CompleteAsync(db, alert, cancellationToken)); // a page has ten at most
        }

        return new AlertPage(rows, alerts.Count > Shown ? rows[^1].Id : null);
    }

    private static async Task<AlertRow> CompleteAsync(DeviceDbContext db, DeviceAlert alert, CancellationToken cancellationToken)
    {
        // By person too: the deviceId can have changed hands since.
        var pairing = db.DevicePairings.AsNoTracking().Where(p => p.Id == alert.PairingId && p.UserId == alert.UserId);
        var device = await pairing.Select(DeviceList.Row).SingleOrDefaultAsync(cancellationToken);
        var facts = await pairing.Select(p => new { p.IpAddress, p.UserAgent }).SingleOrDefaultAsync(cancellationToken);
        var person = device?.Person
            ?? await db.Users.Where(u => u.Id == alert.UserId).Select(u => u.Name ?? u.Email).SingleOrDefaultAsync(cancellationToken);
        var events = db.DeviceEvents.AsNoTracking().Where(e => e.PairingId == alert.PairingId && e.UserId == alert.UserId);
        var paired = await events.Where(e => e.Kind == DeviceEventKind.Paired && e.At <= alert.OpenedAt).MaxAsync(e => (long?)e.Id, cancellationToken);
        var since = await events.Where(e => paired == null || e.Id >= paired).OrderByDescending(e => e.Id).Take(HistoryLength)
            .Select(e => new HistoryLine(e.At, e.Kind, e.ActorName ?? e.ActorId, e.Reason, e.Detail, e.Address)).ToListAsync(cancellationToken);
        return new AlertRow(
            alert.Id, alert.Kind, alert.UserId, person ?? alert.UserId, alert.PairingId, alert.DeviceTitle, alert.OpenedAt, alert.OpenedBy, alert.Note,
            alert.ClosedAt, alert.ClosedBy, alert.Conclusion, device, facts?.IpAddress, facts?.UserAgent, since);
    }
}
