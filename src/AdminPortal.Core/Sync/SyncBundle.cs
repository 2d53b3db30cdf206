using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Sync;

/// <summary>What support may send on: states, versions, ids and names of fields. No word of the person, no name, no address, no token.</summary>
public static class SyncBundle
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(SyncDetail detail, DateTimeOffset now)
    {
        var s = detail.Standing;
        return JsonSerializer.Serialize(
            new
            {
                at = now,
                device = new { s.DeviceId, s.UserId, s.PairingId, s.Pairing, s.Platform, s.OsVersion, s.AppVersion, s.SchemaVersion, s.MinimumAppVersion, s.HasPushToken, s.PushTokenAt },
                s.Verdict,
                alsoTrue = s.Others,
                state = new
                {
                    s.LastAttemptAt,
                    s.LastSuccessAt,
                    s.LastPushAt,
                    s.CaughtUpAt,
                    s.FullReadAt,
                    s.ResyncRequestedAt,
                    s.SentVersion,
                    s.AcknowledgedVersion,
                    s.Head,
                    s.Pending,
                    s.OldestPendingAt,
                    s.AttemptsWithoutDrop,
                    s.ConsecutiveFailures,
                    s.ConsecutiveRefusals,
                    s.LastProblem,
                    s.LastTraceId,
                    s.ClockSkewSeconds,
                },
                detail.Thresholds,
                detail.Requests,
                rejections = detail.Rejections.Select(r => new { r.Id, r.At, r.Entity, r.EntityId, r.ClientId, r.Problem, r.Detail, r.Fields, r.Closed, r.ClosedAt }),
                conflicts = detail.Conflicts.Select(c => new { c.Id, c.At, c.Entity, c.EntityId, c.Lost, c.ByDelete, c.Fields, c.Closed, c.ClosedAt }),
            },
            Json);
    }
}
