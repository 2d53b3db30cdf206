using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Policies;

/// <summary>Section <c>Policies</c> of the configuration: from when on a run waits for an admin's yes.</summary>
public sealed class PolicyOptions
{
    public const string Section = "Policies";

    /// <summary>A run that would act on a greater share of the devices that work waits for a yes. 100: never.</summary>
    [Range(1, 100)]
    public int AskAbovePercent { get; set; } = 10;

    /// <summary>Fewer devices than these need no yes, whatever their share: a small installation has few.</summary>
    [Range(1, int.MaxValue)]
    public int AskFromDevices { get; set; } = 25;

    /// <summary>Whether a run that would act on so many of the devices that work needs a yes.</summary>
    public bool NeedsYes(int devices, int working) => devices >= AskFromDevices && devices * 100L > working * (long)AskAbovePercent;
}
