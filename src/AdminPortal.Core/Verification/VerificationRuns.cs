using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Targets;
using AdminPortal.Data;

namespace AdminPortal.Core.Verification;

/// <summary>What came of asking for a verification or a repair.</summary>
public abstract record VerificationOutcome
{
    private VerificationOutcome()
    {
    }

    public sealed record Started(string RunId) : VerificationOutcome;

    /// <summary>Something else works on this target: it has to end first.</summary>
    public sealed record Busy(string RunId) : VerificationOutcome;

    public sealed record NotAllowed : VerificationOutcome;

    /// <summary>No such target is configured.</summary>
    public sealed record NotFound : VerificationOutcome;

    /// <summary>The newest verification of the target names no such repair.</summary>
    public sealed record NotOffered : VerificationOutcome;
}

/// <summary>Starts verifications and repairs as runs. Admins only, checked here; each is on record with its run.</summary>
public sealed class VerificationRuns
{
    public const string Verify = "target.verify";
    public const string Repair = "target.repair";

    private readonly OperationRuns runs;
    private readonly TargetAccess access;
    private readonly Verifications verifications;

    internal VerificationRuns(OperationRuns runs, TargetAccess access, Verifications verifications) => (this.runs, this.access, this.verifications) = (runs, access, verifications);

    /// <summary>Verifies a target; one at a time, but beside anything else that works on it.</summary>
    public async Task<VerificationOutcome> StartAsync(Actor actor, string target, VerificationScope scope, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new VerificationOutcome.NotAllowed();
        }

        return access.Find(target) is not { } name
            ? new VerificationOutcome.NotFound()
            : Outcome(await runs.StartAsync(
                actor, new NewRun(Ids.New(), Verify, name, $"Verify {name}", JsonSerializer.Serialize(scope), null, ExclusiveKey: $"verify:{name}"), cancellationToken));
    }

    /// <summary>Repairs one thing that the newest verification named, and verifies again. Nothing else works on the target meanwhile.</summary>
    public async Task<VerificationOutcome> RepairAsync(Actor actor, string target, SafeFix fix, string? reason, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new VerificationOutcome.NotAllowed();
        }

        if (access.Find(target) is not { } name)
        {
            return new VerificationOutcome.NotFound();
        }

        var latest = await verifications.ResultsAsync(name, 1, cancellationToken);
        return latest.SelectMany(r => r.Checks).SelectMany(c => c.Findings).Any(f => f.Fix == fix)
            ? Outcome(await runs.StartAsync(
                actor, new NewRun(Ids.New(), Repair, name, $"{fix.Title} on {name}", JsonSerializer.Serialize(fix), reason, ExclusiveKey: TargetAccess.ExclusiveKey(name)), cancellationToken))
            : new VerificationOutcome.NotOffered();
    }

    private static VerificationOutcome Outcome(StartRunOutcome outcome) => outcome switch
    {
        StartRunOutcome.Started started => new VerificationOutcome.Started(started.RunId),
        StartRunOutcome.AlreadyRunning running => new VerificationOutcome.Busy(running.RunId),
        StartRunOutcome.AlreadyUndone undone => new VerificationOutcome.Busy(undone.RunId),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
