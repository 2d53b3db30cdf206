using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Sync;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>
/// Reads what explains the sync of one device. Words of the person leave the database only for themselves and for the colleague of
/// support to whom they read a code (<see cref="SyncConsents"/>).
/// </summary>
public sealed class SyncDetails(IDbContextFactory<DeviceDbContext> databases, SyncEntities declared)
{
    private const int RequestsShown = 20;
    private const int ProblemsShown = 50;

    /// <summary>By the device's own id or its pairing's; null when none that the actor may see has registered for sync.</summary>
    public async Task<SyncDetail?> FindAsync(Actor actor, string deviceOrPairingId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return null;
        }

        var thresholds = await SyncThresholds.ReadAsync(db, cancellationToken);
        var standing = await SyncStandings.Of(db, actor, thresholds).Where(s => s.DeviceId == deviceOrPairingId || s.PairingId == deviceOrPairingId)
            .OrderByDescending(s => s.DeviceId == deviceOrPairingId).FirstOrDefaultAsync(cancellationToken);
        if (standing is null)
        {
            return null;
        }

        var (device, user) = (standing.DeviceId, standing.UserId);
        var consent = await SyncConsents.StateAsync(db, actor, user, cancellationToken);
        var requests = await db.SyncRequests.AsNoTracking().Where(r => r.DeviceId == device && r.UserId == user).OrderByDescending(r => r.Id).Take(RequestsShown)
            .Select(r => new SyncRequestLine(r.At, r.Kind, r.Status, r.Problem, r.TraceId, r.Milliseconds, r.Items, r.Applied, r.Conflicts, r.Rejected, r.Head, r.AppVersion))
            .ToListAsync(cancellationToken);
        var rejections = await db.SyncRejections.AsNoTracking().Where(r => r.DeviceId == device && r.UserId == user)
            .OrderBy(r => r.Closed != null).ThenByDescending(r => r.At).Take(ProblemsShown).ToListAsync(cancellationToken);
        var conflicts = await db.SyncConflicts.AsNoTracking().Where(c => c.UserId == user && (c.DeviceId == device || c.LosingDeviceId == device))
            .OrderBy(c => c.Closed != null).ThenByDescending(c => c.At).Take(ProblemsShown).ToListAsync(cancellationToken);
        var report = consent.MayReadWords ? await db.SyncDeviceStates.Where(s => s.DeviceId == device && s.UserId == user).Select(s => s.Report).FirstOrDefaultAsync(cancellationToken) : null;
        var contacts = await db.Database.SqlQuery<SyncContactHour>($"""
            SELECT date_trunc('hour', at) AS "At", count(*)::int AS "Requests", (count(*) FILTER (WHERE problem IS NOT NULL))::int AS "Refused"
            FROM sync.requests WHERE "deviceId" = {device} AND "userId" = {user} AND at > now() - interval '7 days' GROUP BY 1
            """).OrderBy(hour => hour.At).ToListAsync(cancellationToken);
        var entities = await declared.GetAsync(cancellationToken);
        return new SyncDetail(
            standing, thresholds, requests, [.. rejections.Select(r => Line(entities, r, consent.MayReadWords))], [.. conflicts.Select(c => Line(entities, c, device, consent.MayReadWords))], consent, report, contacts);
    }

    private static RejectionLine Line(SyncEntitySet entities, SyncRejection r, bool words)
    {
        var values = Values(entities, r.Operation, "fields", entities.Find(r.Entity));
        return new RejectionLine(r.Id, r.At, r.Entity, r.EntityId, r.ClientId, r.Problem, r.Detail, [.. values.Keys], words ? values : null, r.Closed, r.ClosedBy, r.ClosedAt);
    }

    private static ConflictLine Line(SyncEntitySet entities, SyncConflict c, string device, bool words) => new(
        c.Id, c.At, c.Entity, c.EntityId, c.LosingDeviceId == device, c.ByDelete, c.Fields, words ? Values(entities, c.Losing, null, entities.Find(c.Entity)) : null, c.Closed, c.ClosedBy, c.ClosedAt);

    /// <summary>Only fields that the API knows: the names of others are the person's words too.</summary>
    private static Dictionary<string, string> Values(SyncEntitySet entities, string json, string? member, SyncEntity? entity)
    {
        using var document = JsonDocument.Parse(json);
        var from = document.RootElement;
        if (member is not null && (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(member, out from)))
        {
            return [];
        }

        var names = (entity is null ? entities.All.SelectMany(e => e.Fields).DistinctBy(f => f.Name, StringComparer.Ordinal) : entity.Fields).Select(f => f.Name);
        return from.ValueKind != JsonValueKind.Object ? [] : names.Where(name => from.TryGetProperty(name, out _)).ToDictionary(name => name, name => Text(from.GetProperty(name)), StringComparer.Ordinal);
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // half a surrogate pair: as it was sent
        }
    }
}
