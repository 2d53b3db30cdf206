using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Devices;

/// <summary>Everything that the portal knows of one pairing; times in UTC.</summary>
public sealed record DeviceDetail(
    DeviceRow Device, string? Address, string? UserAgent, QuarantineFacts? Quarantine, IReadOnlyList<HeldScope> Permissions,
    SyncFacts? Sync, IReadOnlyList<HistoryLine> History);

/// <summary>A permission's row; <paramref name="InForce"/> is false once it has run out.</summary>
public sealed record HeldScope(PermissionScope Scope, DateTime GrantedAt, DateTime? ExpiresAt, bool InForce);

/// <summary>Since when and why the pairing is suspended, and by whom: an owner releases only what they themselves suspended.</summary>
public sealed record QuarantineFacts(DateTimeOffset Since, string Reason, string? ActorId = null, string? By = null);

/// <summary>What the device said of itself in <c>devices</c>; the push token itself is never shown.</summary>
public sealed record SyncFacts(string Platform, string? OsVersion, string AppVersion, bool HasPushToken, DateTime LastSeenAt);

/// <summary>A row of the device's history.</summary>
public sealed record HistoryLine(DateTimeOffset At, string Kind, string? By, string? Reason, string? Detail, string? Address);
