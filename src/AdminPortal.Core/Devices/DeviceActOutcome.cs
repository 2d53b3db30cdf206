namespace AdminPortal.Core.Devices;

/// <summary>What came of an act on a device.</summary>
public abstract record DeviceActOutcome
{
    private DeviceActOutcome()
    {
    }

    public sealed record Done : DeviceActOutcome;

    /// <summary>Someone was quicker, or the page was old: the pairing has ended already.</summary>
    public sealed record AlreadyEnded(DateTimeOffset? At, string? By) : DeviceActOutcome;

    /// <summary>Someone was quicker, or the page was old: the device is suspended already.</summary>
    public sealed record AlreadyQuarantined(DateTimeOffset At, string? By, string Reason) : DeviceActOutcome;

    /// <summary>There is nothing to release: the device is not suspended, or not any more.</summary>
    public sealed record NotQuarantined(DateTimeOffset? ReleasedAt, string? By) : DeviceActOutcome;

    /// <summary>Released, but its time ran out (UTC) while it was suspended: it has to be paired again.</summary>
    public sealed record ReleasedExpired(DateTime ExpiredAt) : DeviceActOutcome;

    public sealed record NotFound : DeviceActOutcome;

    public sealed record NotAllowed : DeviceActOutcome;

    public sealed record Invalid(string Message) : DeviceActOutcome;
}
