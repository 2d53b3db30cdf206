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

    public sealed record NotFound : DeviceActOutcome;

    public sealed record NotAllowed : DeviceActOutcome;

    public sealed record Invalid(string Message) : DeviceActOutcome;
}
