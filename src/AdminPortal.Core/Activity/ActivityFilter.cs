namespace AdminPortal.Core.Activity;

/// <summary>Whether what was tried was done.</summary>
public enum ActivityOutcome
{
    Done,

    /// <summary>Refused, blocked, failed, or stopped before its end.</summary>
    Refused,
}

/// <summary>Which lines of the record; all null: every line.</summary>
/// <param name="Kind">A word of the device history (<c>revoked</c>) or of the portal's audit (<c>account.created</c>).</param>
/// <param name="Actor">Who did it: an account by id or e-mail address, or <c>portal</c>, <c>device</c>, <c>anonymous</c>, <c>command-line</c>.</param>
/// <param name="User">Whose device or account it was: a person of the service by id or e-mail address.</param>
/// <param name="Device">A pairing's id or a deviceId.</param>
/// <param name="From">Not before (UTC).</param>
/// <param name="To">Before (UTC).</param>
/// <param name="Search">A part of a reason, detail, name, deviceId or address; without <paramref name="From"/> it is looked for in the last <see cref="ActivityList.SearchedDays"/> days.</param>
public sealed record ActivityFilter(
    string? Kind = null, string? Actor = null, string? User = null, string? Device = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    ActivityOutcome? Outcome = null, string? Search = null)
{
    /// <summary>Only what this run did.</summary>
    public string? Run { get; init; }

    /// <summary>True where a line of its own stands for everything that a run did.</summary>
    internal bool HasLinesOfRuns => this is { Kind: null, Device: null, User: null, Run: null, Search: null, Outcome: null };
}
