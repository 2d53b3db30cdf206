namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Only one process at a time starts or stops a cluster. The system frees the lock of a process that dies.</summary>
internal static class StartLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<FileStream> AcquireAsync(ClusterLocation location, TimeProvider clock, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return new FileStream(location.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetUtcNow() < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken);
            }
        }
    }
}
