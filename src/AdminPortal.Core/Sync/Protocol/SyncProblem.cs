using System.ComponentModel.DataAnnotations;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Why an operation was not applied, and never will be as it was sent.</summary>
/// <param name="Type">One of the constants here.</param>
/// <param name="Detail">What to change. Names fields and limits, never a person's words.</param>
public sealed record SyncProblem(
    [property: AllowedValues(
        SyncProblem.Validation, SyncProblem.Gone, SyncProblem.ClientIdUnavailable, SyncProblem.OpIdReused, SyncProblem.DependencyFailed, SyncProblem.DependencyMissing, SyncProblem.Changed, SyncProblem.TooLarge)]
    string Type, string Detail)
{
    public const string Validation = "validation";
    public const string Gone = "gone";
    public const string ClientIdUnavailable = "client-id-unavailable";
    public const string OpIdReused = "op-id-reused";
    public const string DependencyFailed = "dependency-failed";
    /// <summary>Not for ever: the operation is not kept, and may be sent again after the one that it needs.</summary>
    public const string DependencyMissing = "dependency-missing";

    /// <summary>The row is not at the version that the operation's <c>ifVersion</c> names. The device decides itself, so nobody else has to look at it.</summary>
    public const string Changed = "changed";
    public const string TooLarge = "too-large";
}
