using System.Security.Cryptography;
using System.Text;
using AdminPortal.Core.Pairing;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>A key that every world of a test shares, as portal instances share theirs.</summary>
internal sealed class FixedShortCodeKey : IShortCodeKey
{
    private static readonly byte[] Key = "a key for tests only, 32 bytes.."u8.ToArray();

    public Task<byte[]> HmacAsync(string shortCode, CancellationToken cancellationToken) =>
        Task.FromResult(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(shortCode)));
}
