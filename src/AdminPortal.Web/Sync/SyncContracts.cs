using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AdminPortal.Core.Sync.Protocol;

namespace AdminPortal.Web.Sync;

/// <summary>What a device says of itself. The whole of it: what is absent is forgotten.</summary>
/// <param name="Platform">Such as ios or android; at most 40 characters.</param>
/// <param name="AppVersion">Begins with numbers, such as 1.5.2.</param>
/// <param name="SchemaVersion">The shape of data that the app knows; 1 today.</param>
/// <param name="PushToken">For the push service; a secret, at most 4096 characters. Absent: there is none.</param>
public sealed record RegisterDeviceRequest(
    [property: Required, StringLength(40, MinimumLength = 1)] string? Platform, [property: StringLength(40, MinimumLength = 1)] string? OsVersion,
    [property: Required, StringLength(40, MinimumLength = 1)] string? AppVersion, [property: Required] int SchemaVersion, [property: StringLength(4096, MinimumLength = 1)] string? PushToken);

/// <param name="MaySync">False: the app is too old to push and pull; it may report.</param>
/// <param name="MinAppVersion">The oldest app version that may sync; null: all.</param>
public sealed record RegisteredAnswer(string DeviceId, bool MaySync, string? MinAppVersion, int SchemaVersion, DateTimeOffset ServerTime);

/// <param name="Pending">Operations that wait on the device besides those in ops.</param>
/// <param name="OldestPendingAt">When the oldest of them was made, by the device's clock.</param>
/// <param name="Rejected">Operations that the device keeps because they were rejected.</param>
public sealed record OutboxState(long? Pending, DateTimeOffset? OldestPendingAt, long? Rejected);

/// <param name="SentAt">The device's clock now; decides nothing, and tells support when it is wrong.</param>
/// <param name="Ops">At most 100, in the order in which they were done. See docs/sync-client.md.</param>
public sealed record PushRequest([property: Required] int SchemaVersion, DateTimeOffset? SentAt, OutboxState? State, [property: Required] IReadOnlyList<JsonElement>? Ops);

/// <param name="Results">One for each operation, in their order.</param>
/// <param name="Head">The version that the person's data has reached.</param>
public sealed record PushAnswer(IReadOnlyList<PushResult> Results, long Head, DateTimeOffset ServerTime);

/// <param name="Cursor">For the next pull, which also tells that these changes have arrived.</param>
public sealed record PullAnswer(IReadOnlyList<PulledChange> Changes, string Cursor, bool HasMore, long Head, DateTimeOffset ServerTime);

public sealed record ConflictsAnswer(IReadOnlyList<DeviceConflict> Conflicts);

/// <param name="State">As in a push.</param>
/// <param name="Problem">What the app itself thinks is wrong, in at most 500 characters.</param>
/// <param name="Details">Anything else that helps, as an object; at most 8 KB. No tasks' words and no secrets.</param>
public sealed record ReportRequest(DateTimeOffset? SentAt, OutboxState? State, [property: StringLength(500)] string? AppVersion, [property: StringLength(500)] string? Problem, JsonElement? Details);

public sealed record ReportAnswer(DateTimeOffset ServerTime);
