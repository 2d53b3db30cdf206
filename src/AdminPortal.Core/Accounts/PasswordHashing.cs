using System.Threading.RateLimiting;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Hashes and verifies passwords, so many at a time that a core is left for everybody else. Whoever hashes holds no connection and no
/// lock meanwhile.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    private const int WaitingPerCore = 200;
    private static readonly Account Nobody = new();
    private readonly PasswordHasher<Account> hasher;
    private readonly Lazy<string> decoy;
    private readonly ConcurrencyLimiter turns;

    public PasswordHashing(IOptions<PasswordHasherOptions> options)
    {
        hasher = new PasswordHasher<Account>(options);
        decoy = new Lazy<string>(() => hasher.HashPassword(Nobody, Ids.New()));
        var atOnce = Math.Max(1, Environment.ProcessorCount - 1);
        turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = atOnce,
            QueueLimit = atOnce * WaitingPerCore,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Waits for a turn, to be disposed. Null: too many wait already.</summary>
    internal async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        var lease = await turns.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }

    /// <summary>To be called in a turn. Without a hash the same work is done, so that the time taken tells nothing.</summary>
    internal PasswordVerificationResult Verify(string? hash, string password)
    {
        var result = hasher.VerifyHashedPassword(Nobody, hash ?? decoy.Value, password);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    /// <summary>To be called in a turn.</summary>
    internal string Hash(string password) => hasher.HashPassword(Nobody, password);

    public void Dispose() => turns.Dispose();
}
