using System.Threading.RateLimiting;

namespace AdminPortal.Web.Sync;

/// <summary>
/// A request's place among those that are worked on: from before its device is looked up until it is on record, but for the time in
/// which its body is on its way, its person has others before it, or a long answer is sent.
/// </summary>
internal sealed class SyncTurn(SyncLimit limit) : IDisposable
{
    private RateLimitLease? lease;
    private RateLimitLease? person;

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

    /// <summary>Waits for it and for the person's; false: too many wait. While the person has others before it, the turn is somebody else's.</summary>
    public async ValueTask<bool> TakeAsync(string userId, CancellationToken cancellationToken)
    {
        person = limit.TryPerson(userId);
        if (!person.IsAcquired)
        {
            GiveBack();
            person = await limit.EnterPersonAsync(userId, cancellationToken);
        }

        return person.IsAcquired && await TakeAsync(cancellationToken);
    }

    public void GiveBack()
    {
        lease?.Dispose();
        person?.Dispose();
        (lease, person) = (null, null);
    }

    public void Dispose() => GiveBack();
}
