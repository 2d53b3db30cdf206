using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Runs;

/// <summary>Section <c>Runs</c> of the configuration.</summary>
public sealed class RunOptions
{
    public const string Section = "Runs";

    /// <summary>How many runs one portal instance works on at once.</summary>
    [Range(1, 16, ErrorMessage = "Runs:AtOnce must be between 1 and 16.")]
    public int AtOnce { get; set; } = 2;

    /// <summary>After so many seconds without a heartbeat another instance takes a run up.</summary>
    [Range(2, 600, ErrorMessage = "Runs:StaleSeconds must be between 2 and 600.")]
    public int StaleSeconds { get; set; } = 10;
}
