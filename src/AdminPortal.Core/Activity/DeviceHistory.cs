using AdminPortal.Data;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Activity;

/// <summary>Adds rows to the append-only history, to be saved in the transaction of what they tell.</summary>
internal static class DeviceHistory
{
    public static void AddEvent(
        this DeviceDbContext db, string kind, string userId, Actor actor,
        string? pairingId = null, string? deviceId = null, string? reason = null, string? detail = null, string? runId = null) =>
        db.DeviceEvents.Add(new DeviceEvent
        {
            Kind = kind,
            UserId = userId,
            PairingId = pairingId,
            DeviceId = deviceId,
            ActorId = actor.Id,
            ActorName = actor.Name,
            ActorRole = actor.Role?.ToString(),
            Address = actor.Address,
            Reason = reason,
            Detail = detail,
            RunId = runId,
        });
}
