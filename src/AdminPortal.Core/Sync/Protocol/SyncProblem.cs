namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Why an operation was not applied, and never will be as it was sent.</summary>
/// <param name="Type">One of the constants here.</param>
/// <param name="Detail">What to change. Names fields and limits, never a person's words.</param>
public sealed record SyncProblem(string Type, string Detail)
{
    public const string Validation = "validation";
    public const string Gone = "gone";
    public const string ClientIdUnavailable = "client-id-unavailable";
    public const string OpIdReused = "op-id-reused";
    public const string DependencyFailed = "dependency-failed";
    public const string TooLarge = "too-large";
}
