using System.Security.Cryptography;
using System.Text;

namespace AdminPortal.Core.Secrets;

/// <summary>A key of 256 bits out of a file that the operator keeps: 32 bytes, as they are or as base64. Its id tells keys apart and gives nothing away.</summary>
public sealed class SecretKey
{
    private const int Bytes = 32;
    private const string Make = "Make one with “openssl rand -base64 32 > FILE”, readable for the portal's user alone, and keep a copy elsewhere.";
    private readonly byte[] bytes;

    internal SecretKey(byte[] bytes)
    {
        this.bytes = bytes;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "AdminPortal key id"u8))[..16];
    }

    /// <summary>16 hex digits.</summary>
    public string Id { get; }

    internal ReadOnlySpan<byte> Span => bytes;

    /// <summary>The key, or what is wrong with the file as a sentence that begins with its setting.</summary>
    internal static (SecretKey? Key, string? Problem) Read(string setting, string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            return Parse(content) is { } key ? (new SecretKey(key), null) : (null, $"{setting} names {path}, which holds no key of 32 bytes. {Make}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"{setting} names {path}, which cannot be read: {exception.Message} {Make}");
        }
    }

    private static byte[]? Parse(byte[] content)
    {
        if (content.Length == Bytes)
        {
            return content;
        }

        var key = new byte[Bytes];
        return content.Length < 200 && Convert.TryFromBase64String(Encoding.ASCII.GetString(content).Trim(), key, out var written) && written == Bytes ? key : null;
    }
}
