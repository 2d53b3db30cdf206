using AdminPortal.Data;

namespace AdminPortal.Core.Runs;

/// <summary>Where runs that start here are worked on.</summary>
/// <param name="KeepsItsRuns">True in a command-line verb: a portal that serves may be another release, and leaves them alone.</param>
public sealed record RunPlace(bool KeepsItsRuns)
{
    /// <summary>How this process signs its runs.</summary>
    public string Instance { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Ids.New()[..8]}";
}
