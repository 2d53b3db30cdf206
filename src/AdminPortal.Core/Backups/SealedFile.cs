using System.Buffers.Binary;
using System.Security.Cryptography;
using AdminPortal.Core.Secrets;

namespace AdminPortal.Core.Backups;

/// <summary>
/// An encrypted backup: a head, and chunks of AES-256-GCM with a key of the file's own. A chunk's nonce is its number and whether it is the
/// last one, so that chunks that are missing, doubled or in another order are found (the STREAM construction; docs/backups.md has the layout).
/// </summary>
internal static class SealedFile
{
    internal const int ChunkBytes = 1 << 16, TagBytes = 16, HeadBytes = 8 + 8 + SaltBytes;
    private const int SaltBytes = 32, NonceBytes = 12;

    private static ReadOnlySpan<byte> Magic => "APBACKU1"u8;

    public static byte[] NewHead(SecretKey key)
    {
        var head = new byte[HeadBytes];
        Magic.CopyTo(head);
        Convert.FromHexString(key.Id).CopyTo(head, Magic.Length);
        RandomNumberGenerator.Fill(head.AsSpan(HeadBytes - SaltBytes));
        return head;
    }

    /// <summary>The id of the key that a file wants; null: it is not such a file.</summary>
    public static string? KeyIdOf(ReadOnlySpan<byte> head) =>
        head.Length == HeadBytes && head.StartsWith(Magic) ? Convert.ToHexStringLower(head[Magic.Length..(HeadBytes - SaltBytes)]) : null;

    /// <summary>Bound to the whole head: a head of another file fits no chunk.</summary>
    public static AesGcm Cipher(SecretKey key, ReadOnlySpan<byte> head)
    {
        Span<byte> own = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Span, own, salt: head[^SaltBytes..], info: head);
        return new AesGcm(own, TagBytes);
    }

    public static byte[] Nonce(long chunk, bool isLast)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, chunk);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }
}

/// <summary>Writes one; holds a chunk in memory.</summary>
internal sealed class SealedWriter : IDisposable
{
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> write;
    private readonly AesGcm cipher;
    private readonly byte[] plain = new byte[SealedFile.ChunkBytes];
    private readonly byte[] box = new byte[SealedFile.ChunkBytes + SealedFile.TagBytes];
    private int filled;
    private long chunk;

    private SealedWriter(AesGcm cipher, Func<ReadOnlyMemory<byte>, ValueTask> write) => (this.cipher, this.write) = (cipher, write);

    public static async Task<SealedWriter> BeginAsync(SecretKey key, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        var head = SealedFile.NewHead(key);
        await write(head);
        return new SealedWriter(SealedFile.Cipher(key, head), write);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (filled == plain.Length)
            {
                await WriteChunkAsync(isLast: false); // not before there is more: the last one is marked
            }

            var take = Math.Min(bytes.Length, plain.Length - filled);
            bytes[..take].CopyTo(plain.AsMemory(filled));
            filled += take;
            bytes = bytes[take..];
        }
    }

    /// <summary>Without it the file counts as cut off.</summary>
    public ValueTask CompleteAsync() => WriteChunkAsync(isLast: true);

    public void Dispose() => cipher.Dispose();

    private ValueTask WriteChunkAsync(bool isLast)
    {
        cipher.Encrypt(SealedFile.Nonce(chunk++, isLast), plain.AsSpan(0, filled), box.AsSpan(0, filled), box.AsSpan(filled, SealedFile.TagBytes));
        var length = filled + SealedFile.TagBytes;
        filled = 0;
        return write(box.AsMemory(0, length));
    }
}

/// <summary>Reads one; gives nothing on that was not written so.</summary>
internal static class SealedReader
{
    /// <exception cref="CryptographicException">It was cut, altered or put together from others, or has another key. What was given before was whole.</exception>
    public static async Task CopyAsync(Stream from, SecretKey key, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken)
    {
        var head = new byte[SealedFile.HeadBytes];
        if (await from.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length || SealedFile.KeyIdOf(head) != key.Id)
        {
            throw new CryptographicException("The file is not encrypted with this key, or its beginning was altered.");
        }

        using var cipher = SealedFile.Cipher(key, head);
        var (box, next, plain) = (new byte[SealedFile.ChunkBytes + SealedFile.TagBytes], new byte[SealedFile.ChunkBytes + SealedFile.TagBytes], new byte[SealedFile.ChunkBytes]);
        var length = await from.ReadAtLeastAsync(box, box.Length, throwOnEndOfStream: false, cancellationToken);
        for (var chunk = 0L; ; chunk++)
        {
            var after = length < box.Length ? 0 : await from.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false, cancellationToken);
            Open(cipher, chunk, isLast: after == 0, box.AsSpan(0, length), plain);
            await write(plain.AsMemory(0, length - SealedFile.TagBytes));
            if (after == 0)
            {
                return;
            }

            (box, next, length) = (next, box, after);
        }
    }

    private static void Open(AesGcm cipher, long chunk, bool isLast, ReadOnlySpan<byte> box, Span<byte> plain)
    {
        if (box.Length < SealedFile.TagBytes)
        {
            throw new CryptographicException("The file was cut off.");
        }

        var text = box[..^SealedFile.TagBytes];
        cipher.Decrypt(SealedFile.Nonce(chunk, isLast), text, box[^SealedFile.TagBytes..], plain[..text.Length]);
    }
}
