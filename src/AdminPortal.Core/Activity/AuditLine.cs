namespace AdminPortal.Core.Activity;

/// <summary>A line of the record as it is shipped: who did what, when, from where. Never a secret.</summary>
/// <param name="Record"><c>portal</c> for accounts and the portal, <c>devices</c> for the history of devices.</param>
/// <param name="Id">Of the row; with <paramref name="Record"/> it tells a line that comes twice.</param>
/// <param name="Subject">To what; of devices the pairing.</param>
/// <param name="UserId">Whose device; null in the portal's own record.</param>
public sealed record AuditLine(
    string Record, long Id, DateTimeOffset At, string Action, string Outcome, string ActorId, string? ActorName, string? ActorRole, string? Subject, string? UserId, string? Reason,
    string? Detail, string? Address);

/// <summary>A place outside of the portal that gets the record.</summary>
public interface IAuditSink
{
    /// <summary>How far it has come is kept under this name; null: it is switched off.</summary>
    string? Name { get; }

    /// <summary>Throws <see cref="IOException"/> when the lines were not taken: they come again.</summary>
    Task WriteAsync(IReadOnlyList<AuditLine> lines, CancellationToken cancellationToken);
}
