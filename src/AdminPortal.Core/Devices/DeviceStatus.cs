namespace AdminPortal.Core.Devices;

/// <summary>Where a pairing stands, as people speak of it; derived from its row, its <c>device_state</c> and the database's clock.</summary>
public enum DeviceStatus
{
    /// <summary>The device can work.</summary>
    Active,

    /// <summary>Its time is up; it can be paired again by its owner.</summary>
    Expired,

    /// <summary>Suspended by an admin, reversibly.</summary>
    Quarantined,

    /// <summary>Ended for good.</summary>
    Revoked,
}
