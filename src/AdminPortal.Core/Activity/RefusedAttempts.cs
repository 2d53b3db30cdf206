using AdminPortal.Core.Pairing;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Activity;

/// <summary>
/// Puts what was refused into the record: who tried what, from where. So many of one source in an hour; then one row says that there are
/// more, and the log warns, so that nobody can fill the record.
/// </summary>
public sealed class RefusedAttempts(AuditLog audit, ILogger<RefusedAttempts> logger, TimeProvider time) : IDisposable
{
    internal const int PerHour = 20;
    internal const string Action = "request.refused", OftenAction = "request.refused-often";
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly MemoryCache sources = new(new MemoryCacheOptions());

    /// <summary>Sources that are counted one by one; all others together are one more.</summary>
    internal int MostSources { get; init; } = 10_000;

    /// <summary>Never fails what it tells of: while the portal's own database is away, only the log has it.</summary>
    /// <param name="what">Method and route; nothing that a stranger typed.</param>
    /// <param name="reason">The name of the problem.</param>
    public async Task NoteAsync(Actor actor, string what, string reason)
    {
        var source = actor.IsPerson ? actor.Id : AddressNetwork.Of(actor.Address);
        var key = sources.TryGetValue(source, out _) || sources.Count < MostSources ? source : "others";
        var count = sources.GetOrCreate(key, entry =>
        {
            entry.AbsoluteExpiration = time.GetUtcNow() + Window;
            return new Counter();
        })!.Next();
        if (count > PerHour + 1)
        {
            return;
        }

        try
        {
            if (count <= PerHour)
            {
                await audit.WriteAsync(actor, Action, what, "refused", reason, CancellationToken.None);
            }
            else
            {
                logger.LogWarning("More than {Count} refused attempts within an hour by {Actor} from {Address}, the last: {What} ({Reason}).", PerHour, actor.Id, actor.Address, what, reason);
                await audit.WriteAsync(actor, OftenAction, null, "refused", $"more than {PerHour} within an hour; further ones are not recorded until it is over", CancellationToken.None);
            }
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("A refused attempt could not be recorded: {What} ({Reason}) by {Actor} from {Address}.", what, reason, actor.Id, actor.Address);
        }
    }

    public void Dispose() => sources.Dispose();

    private sealed class Counter
    {
        private int count;

        public int Next() => Interlocked.Increment(ref count);
    }
}
