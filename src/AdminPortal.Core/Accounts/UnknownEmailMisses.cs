using Microsoft.Extensions.Caching.Memory;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Counts misses for e-mail addresses without an account, so that sign-in answers "locked" for them after as many as for the
/// others and nobody learns from it who has an account. In memory and bounded: nothing depends on it but that answer.
/// </summary>
public sealed class UnknownEmailMisses(TimeProvider time) : IDisposable
{
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Null while another try is allowed; else when the lock ends.</summary>
    public DateTimeOffset? Register(string normalizedEmail)
    {
        var entry = cache.GetOrCreate(normalizedEmail, item =>
        {
            item.Size = 1;
            item.SlidingExpiration = SignInRules.LockOut;
            return new Misses();
        })!;
        lock (entry)
        {
            var now = time.GetUtcNow();
            if (entry.LockedUntil is { } until && until > now)
            {
                return until;
            }

            if (++entry.Count < SignInRules.MissesBeforeLockOut)
            {
                return null;
            }

            entry.Count = 0;
            return entry.LockedUntil = now + SignInRules.LockOut;
        }
    }

    public void Dispose() => cache.Dispose();

    private sealed class Misses
    {
        public int Count { get; set; }
        public DateTimeOffset? LockedUntil { get; set; }
    }
}
