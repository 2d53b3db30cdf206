using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Section <c>Housekeeping</c> of the configuration.</summary>
public sealed class HousekeepingOptions
{
    public const string Section = "Housekeeping";

    /// <summary>
    /// Ended pairings stay so many days after their expiry. As long as notices by default: whoever follows a notice to its device
    /// still finds it.
    /// </summary>
    [Range(0, 36_500, ErrorMessage = "Housekeeping:ExpiredPairingDays must be between 0 and 36500.")]
    public int ExpiredPairingDays { get; set; } = 90;

    /// <summary>Pairings that one transaction removes: bounds how long their rows are held and how much a cut-off run loses.</summary>
    [Range(1, 10_000, ErrorMessage = "Housekeeping:BatchRows must be between 1 and 10000.")]
    public int BatchRows { get; set; } = 1000;
}
