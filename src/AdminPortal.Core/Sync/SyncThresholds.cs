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

    /// <summary>Null: this may hold. Else what is wrong, to be shown.</summary>
    public string? Wrong => SyncThreshold.All.FirstOrDefault(t => !t.Allows(t.Get(this))) is { } outside
        ? $"“{outside.Title}” must be from 1 to {outside.Most:N0} {outside.Unit}."
        : StaleDays < DormantDays && DormantDays < FullReadDays ? null : "The days of silence must rise: silent, silent for long, must reload soon.";

    internal static SyncThresholds Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var read = SyncThreshold.All.Aggregate(Default, (all, threshold) =>
            document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(threshold.Name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && threshold.Allows(number) ? threshold.Set(all, number) : all);
        return read.Wrong is null ? read : read with { StaleDays = Default.StaleDays, DormantDays = Default.DormantDays, FullReadDays = Default.FullReadDays };
    }

    /// <summary>Only what differs from the defaults, so that a better default reaches everyone who never chose.</summary>
    internal string ToJson() => JsonSerializer.Serialize(SyncThreshold.All.Where(t => t.Get(this) != t.Get(Default)).ToDictionary(t => t.Name, t => t.Get(this)));

    internal static async Task<SyncThresholds> ReadAsync(DeviceDbContext db, CancellationToken cancellationToken) =>
        Parse(await db.SyncMeta.AsNoTracking().Select(m => m.Thresholds).SingleAsync(cancellationToken));
}
