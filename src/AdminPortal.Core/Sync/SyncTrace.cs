namespace AdminPortal.Core.Sync;

/// <summary>A task or focus session, followed through the devices of its person.</summary>
/// <param name="Version">The last one; null: it was written and has none yet, or never arrived.</param>
/// <param name="Title">Null: it may not be seen, or there is none.</param>
/// <param name="Refused">The problem of the create that was refused for good; null: none was.</param>
public sealed record SyncTrace(
    string Id, string? ClientId, string Entity, long? Version, bool Deleted, DateTimeOffset? ChangedAt, string? Title, string? Refused,
    IReadOnlyList<TracedField> Fields, IReadOnlyList<TracedDevice> Devices);

/// <param name="By">The title of the device that wrote it; null: none, such as the host application.</param>
public sealed record TracedField(string Name, long Version, string? By);

/// <param name="At">When it confirmed; null: not known, or not yet.</param>
/// <param name="Has">The version up to which the device has everything.</param>
public sealed record TracedDevice(string DeviceId, string Title, TracedState State, DateTimeOffset? At, long Has);

/// <summary>How far a version has come.</summary>
public enum TracedState
{
    Confirmed,

    /// <summary>Sent; the device has not shown that it arrived.</summary>
    Sent,
    Missing,
}
