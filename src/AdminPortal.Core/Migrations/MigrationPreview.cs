using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Migrations;

/// <summary>A pending migration with its exact SQL and what that does to this target.</summary>
/// <param name="Rehearsal">How it went on the required target; null: there is none, or it did not run there.</param>
public sealed record PendingMigration(MigrationScript Script, MigrationState State, IReadOnlyList<MigrationLint> Lints, Rehearsal? Rehearsal);

/// <summary>How the same SQL went on the required target: the forecast for this one.</summary>
public sealed record Rehearsal(string Target, DateTimeOffset At, TimeSpan Duration, string? RunId);

/// <summary>A condition that must hold before a migration runs.</summary>
/// <param name="Samples">At most 20 things that stand in the way.</param>
public sealed record Precheck(string Title, Severity Severity, bool Passed, string Found, string? Remedy = null, IReadOnlyList<string>? Samples = null);

/// <summary>Whether the required target was brought to this release first.</summary>
/// <param name="Requires">Null: nothing is required.</param>
/// <param name="Missing">What is missing, in words; empty: the gate is open.</param>
public sealed record MigrationGate(string? Requires, IReadOnlyList<string> Missing)
{
    public bool IsOpen => Missing.Count == 0;
}

/// <summary>An admin agreed to exactly what the preview shows; time in UTC.</summary>
public sealed record ApprovalRow(string Id, string ActorId, string? ActorName, DateTimeOffset At, string? Reason);

/// <summary>All that a deployment would do, and whether it may.</summary>
/// <param name="ApprovalHash">Over the database's identity, its history and the SQL of what is pending; anything that changes gives another one.</param>
/// <param name="Approvals">Of this hash, the newest first.</param>
/// <param name="NeedsTwo">Who approved it does not start it.</param>
public sealed record MigrationPreview(
    string Target, TargetIdentity Identity, IReadOnlyList<PendingMigration> Pending, IReadOnlyList<Precheck> Prechecks, MigrationGate Gate,
    string ApprovalHash, IReadOnlyList<ApprovalRow> Approvals, bool NeedsAdoption, bool NeedsTwo)
{
    internal const string TwoPersons = "You approved it yourself: on this protected target another admin approves what you apply, or applies what you approved.";

    /// <summary>The newest; null: nobody approved this hash.</summary>
    public ApprovalRow? Approval => Approvals.Count > 0 ? Approvals[0] : null;

    /// <summary>With which somebody may start it; null: there is none for them. Whoever runs the program on its own machine needs no second person.</summary>
    public ApprovalRow? ApprovalFor(Actor? actor) => NeedsTwo && actor?.Standing is not null ? Approvals.FirstOrDefault(a => a.ActorId != actor.Id) : Approval;

    /// <summary>What stops it, in words; empty: it can run once it is approved.</summary>
    public IReadOnlyList<string> Obstacles =>
    [
        .. NeedsAdoption ? ["The tables were made by another program. Adopt the database first."] : Array.Empty<string>(),
        .. Prechecks.Where(c => !c.Passed && c.Severity == Severity.Error).Select(c => $"{c.Title}: {c.Found}"),
        .. Pending.SelectMany(p => p.Lints.Where(l => l.Severity == Severity.Error).Select(l => $"{p.Script.Name}: {l.Message}")),
        .. Gate.Missing,
    ];
}
