using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AdminPortal.Core.ServiceKeys;

/// <summary>The keys of services and directories: a prefix and 256 random bits. So many that a plain hash is as good as a slow one.</summary>
internal static class ServiceKeySecret
{
    public const string ServicePrefix = "svc_", DirectoryPrefix = "scim_";
    private const int Length = 43; // 32 bytes in base64url

    public static string New(string prefix = ServicePrefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static bool IsKey(string text, string prefix = ServicePrefix) => text.Length == prefix.Length + Length && text.StartsWith(prefix, StringComparison.Ordinal);

    public static string Hash(string key) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static string Ending(string key) => key[^4..];
}
