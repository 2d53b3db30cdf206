using AdminPortal.Data.Runs;

namespace AdminPortal.Core.Activity;

/// <summary>Which of the two records a line stands in.</summary>
public enum ActivitySource
{
    /// <summary><c>portal.device_events</c> of the primary target.</summary>
    Devices,

    /// <summary><c>portal.audit_events</c> of the portal's own database.</summary>
    Portal,
}

/// <summary>A line of the record: who did what, to what, why, from where, and what came of it.</summary>
/// <param name="Id">Within its source.</param>
/// <param name="Kind">The source's own word for what was done.</param>
/// <param name="UserId">Whose device it was; null for lines of the portal.</param>
/// <param name="Subject">Of lines of the portal: an account's id or another object's name.</param>
public sealed record ActivityRow(
    ActivitySource Source, long Id, DateTimeOffset At, string ActorId, string? ActorName, string? ActorRole, string Kind, string? UserId, string? PairingId,
    string? DeviceId, string? Subject, string? Reason, string? Detail, string? Address, ActivityOutcome Outcome, string? RunId)
{
    /// <summary>The name of <see cref="UserId"/>, as it is now.</summary>
    public string? Person { get; init; }

    /// <summary>The name of the device, as it is now; null: gone, or never named.</summary>
    public string? DeviceTitle { get; init; }

    /// <summary>The e-mail address of the account that <see cref="Subject"/> names.</summary>
    public string? SubjectName { get; init; }

    /// <summary>The run that <see cref="Subject"/> names.</summary>
    public ActivityRun? Run { get; init; }
}

/// <summary>A run that a line is about, as it is now.</summary>
/// <param name="Done">How many things it did.</param>
public sealed record ActivityRun(string Id, string Title, RunState State, long Done);

/// <summary>Some lines, the newest first, and the cursors around them (null: there are none).</summary>
/// <param name="DevicesAway">True: the primary target does not answer, so its lines are missing.</param>
/// <param name="PortalAway">True: the portal's own database does not answer, so its lines are missing.</param>
public sealed record ActivityLines(IReadOnlyList<ActivityRow> Rows, string? NextCursor, string? PreviousCursor, bool DevicesAway, bool PortalAway);
