namespace AdminPortal.Core.Runs;

/// <summary>
/// Long work of some kinds, such as a bulk act or a migration: a feature registers one, and the portal's instances run it.
/// It can be killed at any moment and started again by another instance, so it keeps in its own database what is done,
/// in the transaction that does it, and goes on from there.
/// </summary>
public interface IRunWork
{
    /// <summary>The words of <c>operation_runs.kind</c> that it takes, as <c>object.verb</c>.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>
    /// Does the work to its end, or until <see cref="RunContext.StopRequested"/> is seen between two steps. Throws
    /// <see cref="RunFailedException"/> for an end in failure; after an outage of a database the run is taken up again.
    /// </summary>
    Task WorkAsync(RunContext run, CancellationToken cancellationToken);
}
