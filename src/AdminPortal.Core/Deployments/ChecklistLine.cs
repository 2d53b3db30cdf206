namespace AdminPortal.Core.Deployments;

/// <summary>How a line of the checklist stands.</summary>
public enum ChecklistLineState
{
    /// <summary>There is no evidence yet, or it speaks against the line.</summary>
    Open,

    /// <summary>Records prove it.</summary>
    Proven,

    /// <summary>No record proves it; an admin wrote down why it is taken as done.</summary>
    ByHand,
}

/// <summary>One line of a deployment's checklist with what the portal found about it.</summary>
/// <param name="Id">Never changes: notes are kept under it, such as <c>error-log</c>.</param>
/// <param name="Title">A sentence that is true once the line is done.</param>
/// <param name="Found">The evidence, or what is missing and how to get it.</param>
/// <param name="Link">The page of the run, backup or verification that it rests on; null: there is none.</param>
/// <param name="Details">Single findings, such as the errors that were logged.</param>
/// <param name="Note">Why it is taken as done; kept also when evidence came later.</param>
public sealed record ChecklistLine(
    string Id, string Title, ChecklistLineState State, string Found, ChecklistLink? Link = null, IReadOnlyList<string>? Details = null, ChecklistNoteRow? Note = null)
{
    public bool IsDone => State != ChecklistLineState.Open;
}

/// <summary>Where evidence is looked at.</summary>
public sealed record ChecklistLink(string Address, string Text)
{
    internal static ChecklistLink Run(string id) => new($"/runs/{id}", "The run");
}

/// <summary>An admin's reason for a line without evidence; time in UTC.</summary>
public sealed record ChecklistNoteRow(string Reason, string? ActorName, DateTimeOffset At);
