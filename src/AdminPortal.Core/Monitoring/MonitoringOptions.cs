using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Monitoring;

/// <summary>Section <c>Monitoring</c> of the configuration.</summary>
public sealed class MonitoringOptions
{
    public const string Section = "Monitoring";

    /// <summary>Seconds after which an instance adds what it measured to the stored figures; lost at most when it is killed.</summary>
    [Range(1, 60, ErrorMessage = "Monitoring:FlushSeconds must be between 1 and 60.")]
    public int FlushSeconds { get; set; } = 10;
}
