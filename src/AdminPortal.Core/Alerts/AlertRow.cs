using AdminPortal.Core.Devices;

namespace AdminPortal.Core.Alerts;

/// <summary>An alert with what an admin needs to judge it.</summary>
/// <param name="Device">As it is now; null: the pairing is gone.</param>
/// <param name="Address">From where the device was paired.</param>
/// <param name="Since">What happened to the device since it was paired, the newest first.</param>
public sealed record AlertRow(
    string Id, string Kind, string UserId, string Person, string PairingId, string DeviceTitle, DateTimeOffset OpenedAt, string OpenedBy, string? Note,
    DateTimeOffset? ClosedAt, string? ClosedBy, string? Conclusion, DeviceRow? Device, string? Address, string? UserAgent, IReadOnlyList<HistoryLine> Since);

/// <summary>Some alerts, the newest first, and the cursor to older ones (null: there are none).</summary>
public sealed record AlertPage(IReadOnlyList<AlertRow> Rows, string? NextCursor);
