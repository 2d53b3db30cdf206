namespace AdminPortal.Core.Runs;

/// <summary>Wakes the worker of this portal instance when a run starts here; the others look every second.</summary>
public sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0);

    public void Dispose() => semaphore.Dispose();

    internal void Set() => semaphore.Release();

    /// <summary>Until something starts here or the time is over.</summary>
    internal Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => semaphore.WaitAsync(time, cancellationToken);
}
