using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AdminPortal.Core.Pairing;

/// <summary>The random values of pairing and what is derived from them. Only hashes are ever stored.</summary>
internal static class PairingSecrets
{
    /// <summary>No vowels and no look-alikes, so that a code spells nothing and reads aloud well.</summary>
    private const string ShortCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ";
    private const int ShortCodeLength = 8;
    private const string TokenPrefix = "dvc_";

    public static string NewSessionId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>False for texts that no session has, some of which the database would not even take.</summary>
    public static bool IsSessionId(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>128 random bits, base64url: the secret in the QR code.</summary>
    public static string NewPairingCode() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public static string NewShortCode() => RandomNumberGenerator.GetString(ShortCodeAlphabet, ShortCodeLength);

    /// <summary>256 random bits, base64url: the device's own secret for the session.</summary>
    public static string NewClaimKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(32);

    public static bool IsClaimKey(string text) => text.Length == 43 && Base64Url.IsValid(text, out var bytes) && bytes == 32;

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>What <c>device_pairings.sessionToken</c> holds.</summary>
    public static string TokenHash(string token) => "sha256:" + Convert.ToHexStringLower(Hash(token));

    public static bool Matches(string secret, byte[]? hash) => hash is not null && CryptographicOperations.FixedTimeEquals(Hash(secret), hash);

    /// <summary>Upper case, without what people type or paste between the letters: dashes of any kind, spaces, hidden characters. Null when it cannot be a code.</summary>
    public static string? NormalizeShortCode(string? typed)
    {
        var code = new string([.. (typed ?? "").Where(c => !IsBetween(c)).Select(char.ToUpperInvariant)]);
        return code.Length == ShortCodeLength && code.All(ShortCodeAlphabet.Contains) ? code : null;
    }

    private static bool IsBetween(char character) => character == '−' || char.GetUnicodeCategory(character)
        is UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator or UnicodeCategory.Format or UnicodeCategory.Control;

    public static string FormatShortCode(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>Two digits that only the device shows and only the user types.</summary>
    public static string MatchNumber(byte[] seed) =>
        (BitConverter.ToUInt32(HMACSHA256.HashData(seed, "match"u8)) % 100).ToString("D2", CultureInfo.InvariantCulture);

    public static bool MatchNumberIs(byte[] seed, string typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(MatchNumber(seed)), Encoding.UTF8.GetBytes(typed));

    /// <summary>The device's token: the same each time it is asked for, and computable only with both halves.</summary>
    public static string Token(byte[] seed, string claimKey) =>
        TokenPrefix + Base64Url.EncodeToString(HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(claimKey)));
}
