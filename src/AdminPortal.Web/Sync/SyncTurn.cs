using System.Threading.RateLimiting;

namespace AdminPortal.Web.Sync;

/// <summary>
/// A request's place among those that are worked on: from before its device is looked up until it is on record, but for the time in
/// which its body is on its way or its person has others before it.
/// </summary>
internal sealed class SyncTurn(SyncLimit limit) : IDisposable
{
    private RateLimitLease? lease;

    public bool IsHeld => lease is { IsAcquired: true };

    /// <summary>Waits for it; false: too many wait.</summary>
    public async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
    {
        if (!IsHeld)
        {
            lease = await limit.EnterAsync(cancellationToken);
        }

        return IsHeld;
    }

    public void GiveBack()
    {
        lease?.Dispose();
        lease = null;
    }

    public void Dispose() => GiveBack();
}
