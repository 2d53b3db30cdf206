using System.Security.Cryptography;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Secrets;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>An encrypted file gives what was written, or nothing that was not.</summary>
public sealed class SealedFileTests
{
    private const int Chunk = SealedFile.ChunkBytes, Box = Chunk + SealedFile.TagBytes, Head = SealedFile.HeadBytes;
    private static readonly SecretKey Key = new(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(2 * Chunk)]
    [InlineData((3 * Chunk) + 7)]
    public async Task File_ThatIsWhole_GivesWhatWasWritten(int bytes)
    {
        var plain = RandomNumberGenerator.GetBytes(bytes);
        var file = await SealAsync(plain);

        Assert.Equal(plain, await OpenAsync(file, Key));
        Assert.Equal(Key.Id, SealedFile.KeyIdOf(file.AsSpan(0, Head)));
        Assert.True(bytes < 32 || file.AsSpan().IndexOf(plain.AsSpan(0, 32)) < 0);
    }

    [Theory]
    [InlineData("cut at a chunk")]
    [InlineData("cut in a chunk")]
    [InlineData("cut to the head")]
    [InlineData("cut in the head")]
    [InlineData("chunks changed places")]
    [InlineData("a chunk doubled")]
    [InlineData("a chunk left out")]
    [InlineData("the last chunk first")]
    [InlineData("more behind the end")]
    [InlineData("a bit of the text")]
    [InlineData("a bit of the salt")]
    [InlineData("a chunk of another file")]
    [InlineData("the head of another file")]
    [InlineData("another key")]
    public async Task File_ThatIsNotAsWritten_IsRefused(string how)
    {
        var file = await SealAsync(RandomNumberGenerator.GetBytes((3 * Chunk) + 7));
        var other = await SealAsync(RandomNumberGenerator.GetBytes((3 * Chunk) + 7));
        byte[] Part(int chunk) => file[(Head + (chunk * Box))..Math.Min(file.Length, Head + ((chunk + 1) * Box))];
        byte[] spoiled = how switch
        {
            "cut at a chunk" => file[..(Head + (2 * Box))],
            "cut in a chunk" => file[..^3],
            "cut to the head" => file[..Head],
            "cut in the head" => file[..20],
            "chunks changed places" => [.. file[..Head], .. Part(1), .. Part(0), .. Part(2), .. Part(3)],
            "a chunk doubled" => [.. file[..Head], .. Part(0), .. Part(0), .. Part(1), .. Part(2), .. Part(3)],
            "a chunk left out" => [.. file[..Head], .. Part(0), .. Part(2), .. Part(3)],
            "the last chunk first" => [.. file[..Head], .. Part(3)],
            "more behind the end" => [.. file, 0],
            "a bit of the text" => Flipped(file, Head + Box + 5),
            "a bit of the salt" => Flipped(file, Head - 1),
            "a chunk of another file" => [.. file[..Head], .. Part(0), .. other[(Head + Box)..(Head + (2 * Box))], .. Part(2), .. Part(3)],
            "the head of another file" => [.. other[..Head], .. file[Head..]],
            _ => file,
        };

        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(spoiled, how == "another key" ? new SecretKey(RandomNumberGenerator.GetBytes(32)) : Key));
    }

    private static byte[] Flipped(byte[] file, int at)
    {
        var flipped = file.ToArray();
        flipped[at] ^= 1;
        return flipped;
    }

    private static async Task<byte[]> SealAsync(byte[] plain)
    {
        var file = new MemoryStream();
        using (var writer = await SealedWriter.BeginAsync(Key, bytes => file.WriteAsync(bytes)))
        {
            foreach (var part in plain.Chunk(50_000))
            {
                await writer.WriteAsync(part);
            }

            await writer.CompleteAsync();
        }

        return file.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] file, SecretKey key)
    {
        var plain = new MemoryStream();
        await SealedReader.CopyAsync(new MemoryStream(file), key, bytes => plain.WriteAsync(bytes), CancellationToken.None);
        return plain.ToArray();
    }
}
