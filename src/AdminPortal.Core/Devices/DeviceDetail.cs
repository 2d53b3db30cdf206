using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Devices;

/// <summary>Everything that the portal knows of one pairing; times in UTC.</summary>
public sealed record DeviceDetail(
    DeviceRow Device, string? Address, string? UserAgent, QuarantineFacts? Quarantine, IReadOnlyList<HeldScope> Permissions,
    SyncFacts? Sync, IReadOnlyList<HistoryLine> History, DeviceReceipt? Receipt = null)
{
    /// <summary>Scopes that whoever asked cannot grant to this device, because it takes an admin.</summary>
    public IReadOnlyList<PermissionScope> ForAdmins { get; init; } = [];
}

/// <summary>A permission's row; <paramref name="InForce"/> is false once it has run out.</summary>
public sealed record HeldScope(PermissionScope Scope, DateTime GrantedAt, DateTime? ExpiresAt, bool InForce);

/// <summary>Since when and why the pairing is suspended, and by whom: an owner releases only what they themselves suspended.</summary>
public sealed record QuarantineFacts(DateTimeOffset Since, string Reason, string? ActorId = null, string? By = null);

/// <summary>What happened since the pairing was ended or suspended; each step with its time, null while it has not happened.</summary>
/// <param name="RequestedAt">When a person asked for it: before <paramref name="DeadAt"/> when it waited for a run.</param>
/// <param name="CutAt">When no live connection was left; <paramref name="Cut"/> says how many there had been.</param>
/// <param name="Calls">How often the device called since, with its dead token.</param>
public sealed record DeviceReceipt(
    DateTimeOffset RequestedAt, DateTimeOffset DeadAt, DateTimeOffset? CutAt, int Cut, DateTimeOffset? AcknowledgedAt, int Calls,
    DateTimeOffset? LastCallAt, string? LastCallAddress);

/// <summary>What the device said of itself in <c>devices</c>; the push token itself is never shown.</summary>
public sealed record SyncFacts(string Platform, string? OsVersion, string AppVersion, bool HasPushToken, DateTime LastSeenAt);

/// <summary>A row of the device's history.</summary>
public sealed record HistoryLine(DateTimeOffset At, string Kind, string? By, string? Reason, string? Detail, string? Address);
