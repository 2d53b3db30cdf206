using System.Collections.Concurrent;
using System.Security.Cryptography;
using AdminPortal.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Secrets;

/// <summary>
/// Long-lived random keys by name, the same on every instance of the portal and after every restart. Whoever asks first makes it.
/// </summary>
public sealed class ServerSecrets(IDbContextFactory<PortalDbContext> contexts, IDataProtectionProvider protection)
{
    private readonly ConcurrentDictionary<string, byte[]> cache = new();
    private readonly IDataProtector protector = protection.CreateProtector("AdminPortal.ServerSecrets");

    public async ValueTask<byte[]> GetOrCreateAsync(string name, int bytes, CancellationToken cancellationToken)
    {
        if (cache.TryGetValue(name, out var known))
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await ReadAsync(db, name, cancellationToken);
        if (stored is null)
        {
            var candidate = Convert.ToBase64String(protector.Protect(RandomNumberGenerator.GetBytes(bytes)));
            await db.Database.ExecuteSqlAsync(
                $"""INSERT INTO portal.server_secrets (name, "protectedValue") VALUES ({name}, {candidate}) ON CONFLICT DO NOTHING""", cancellationToken);
            stored = await ReadAsync(db, name, cancellationToken)
                ?? throw new InvalidOperationException($"The server secret '{name}' vanished while it was made.");
        }

        return cache.GetOrAdd(name, protector.Unprotect(Convert.FromBase64String(stored)));
    }

    private static Task<string?> ReadAsync(PortalDbContext db, string name, CancellationToken cancellationToken) =>
        db.ServerSecrets.AsNoTracking().Where(s => s.Name == name).Select(s => s.ProtectedValue).SingleOrDefaultAsync(cancellationToken);
}
