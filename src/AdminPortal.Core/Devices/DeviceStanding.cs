namespace AdminPortal.Core.Devices;

/// <summary>The states that a list of devices can be narrowed to: those of <see cref="DeviceStatus"/>, and soon to expire.</summary>
public enum DeviceStanding
{
    /// <summary>The device can work, the ones that expire soon included.</summary>
    Active,

    /// <summary>It still works, and its time is up within <see cref="DeviceFilters.ExpiringDays"/> days.</summary>
    Expiring,
    Expired,
    Quarantined,
    Revoked,
}
