using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Secrets;

namespace AdminPortal.Core.Pairing;

/// <summary>The key that all instances of the portal share, kept in the portal's own database.</summary>
internal sealed class ShortCodeKey(ServerSecrets secrets) : IShortCodeKey
{
    public async Task<byte[]> HmacAsync(string shortCode, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(await secrets.GetOrCreateAsync("pairing-short-code", 32, cancellationToken), Encoding.UTF8.GetBytes(shortCode));
}
