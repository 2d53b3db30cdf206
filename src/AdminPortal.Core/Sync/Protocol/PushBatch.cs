using System.Text.Json;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a device sends up.</summary>
/// <param name="Ops">Each on its own: a broken one does not take the others with it.</param>
public sealed record PushBatch(int SchemaVersion, IReadOnlyList<JsonElement> Ops)
{
    public const int Limit = 100;

    /// <summary>More than a push has bytes to open: what is nested too deep is one operation's fault, and found there.</summary>
    public const int MaxDepth = 600_000;
}

/// <summary>What came of a push.</summary>
public abstract record PushOutcome
{
    private PushOutcome()
    {
    }

    /// <param name="Results">In the order of the operations.</param>
    /// <param name="Head">The version that the person's data has reached.</param>
    public sealed record Done(IReadOnlyList<PushResult> Results, long Head) : PushOutcome;

    public sealed record Refused(SyncRefusal Reason) : PushOutcome;
}
