using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AdminPortal.Core.ServiceKeys;

/// <summary>The keys of services: <c>svc_</c> and 256 random bits. So many that a plain hash is as good as a slow one.</summary>
internal static class ServiceKeySecret
{
    private const string Prefix = "svc_";
    private const int Length = 47; // the prefix and 32 bytes in base64url

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static bool IsKey(string text) => text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal);

    public static string Hash(string key) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static string Ending(string key) => key[^4..];
}
