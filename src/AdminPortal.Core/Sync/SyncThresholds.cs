using System.Text.Json;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>From where on a verdict holds. Kept in <c>sync.meta.thresholds</c>; what is absent or out of its range there has its default.</summary>
/// <param name="Refusals">Answers 401 or 403 in a row.</param>
/// <param name="UploadMinutes">How long the oldest waiting change may wait.</param>
/// <param name="UploadAttempts">Attempts in a row after which no less waited.</param>
/// <param name="DownloadMinutes">How long a device that tries may lack a change.</param>
/// <param name="Failures">Requests in a row that failed.</param>
/// <param name="ConflictDays">For how long an open conflict is told.</param>
/// <param name="FullReadDays">Tombstones live 90 days: before that a device has to pull once.</param>
/// <param name="PushTokenDays">When a push token was sent so long ago, it may not work any more.</param>
/// <param name="ClockMinutes">How wrong a device's clock may be.</param>
public sealed record SyncThresholds(
    int Refusals = 3, int UploadMinutes = 60, int UploadAttempts = 3, int DownloadMinutes = 60, int Failures = 3, int ConflictDays = 7,
    int StaleDays = 7, int DormantDays = 30, int FullReadDays = 75, int PushTokenDays = 30, int ClockMinutes = 5)
{
    public static SyncThresholds Default { get; } = new();

    internal static SyncThresholds Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var read = new SyncThresholds(
            Of("refusals", Default.Refusals, 100), Of("uploadMinutes", Default.UploadMinutes, 10_080), Of("uploadAttempts", Default.UploadAttempts, 100),
            Of("downloadMinutes", Default.DownloadMinutes, 10_080), Of("failures", Default.Failures, 100), Of("conflictDays", Default.ConflictDays, 90),
            Of("staleDays", Default.StaleDays, 89), Of("dormantDays", Default.DormantDays, 89), Of("fullReadDays", Default.FullReadDays, 89),
            Of("pushTokenDays", Default.PushTokenDays, 365), Of("clockMinutes", Default.ClockMinutes, 1_440));
        return read.StaleDays < read.DormantDays && read.DormantDays < read.FullReadDays
            ? read
            : read with { StaleDays = Default.StaleDays, DormantDays = Default.DormantDays, FullReadDays = Default.FullReadDays };

        int Of(string name, int usual, int most) =>
            document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && number >= 1 && number <= most ? number : usual;
    }

    internal static async Task<SyncThresholds> ReadAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        Parse(await db.SyncMeta.AsNoTracking().Select(m => m.Thresholds).SingleAsync(cancellationToken));
}
