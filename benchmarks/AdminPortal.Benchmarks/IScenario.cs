namespace AdminPortal.Benchmarks;

/// <summary>
/// One subject that is measured against the best that the database gives without the portal. One file each; a new one is
/// found by itself.
/// </summary>
internal interface IScenario
{
    /// <summary>The heading of its table, and what <c>--only</c> names.</summary>
    string Name { get; }

    Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken);
}
