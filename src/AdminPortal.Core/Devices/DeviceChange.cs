namespace AdminPortal.Core.Devices;

/// <summary>
/// Something about a person's devices or codes changed. Carries ids only: pages read again.
/// All null: changes may have been missed (the connection was away), so everything is to be read again.
/// </summary>
public sealed record DeviceChange(string? UserId, string? PairingId, string? SessionId)
{
    public static DeviceChange Everything { get; } = new(null, null, null);

    /// <summary>True when a page that shows this user's devices has to read again.</summary>
    public bool Concerns(string? userId) => UserId is null || UserId == userId;
}
