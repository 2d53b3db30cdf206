using System.Security.Cryptography;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Secrets;

namespace AdminPortal.Core.Backups;

/// <summary>A dump in the folder, as pg_restore reads it: the file itself, or, when it is encrypted, its standard input. The plain text is never on the disk.</summary>
/// <param name="Key">Null: it is not encrypted.</param>
internal sealed record StoredDump(string Path, SecretKey? Key)
{
    /// <summary>pg_restore's last argument; none: it reads its input.</summary>
    public IReadOnlyList<string> Arguments => Key is null ? [Path] : [];

    /// <summary>Null: it needs no input.</summary>
    public Func<Stream, CancellationToken, Task>? Input => Key is null ? null : FeedAsync;

    /// <exception cref="RunFailedException">The file is not as it was written.</exception>
    private async Task FeedAsync(Stream to, CancellationToken cancellationToken)
    {
        await using var file = Open(Path);
        try
        {
            await SealedReader.CopyAsync(file, Key!, bytes => WriteAsync(to, bytes, cancellationToken), cancellationToken);
        }
        catch (LeftException)
        {
            // pg_restore has what it came for.
        }
        catch (CryptographicException exception)
        {
            throw new RunFailedException($"The encrypted file is not as it was written: it was cut or altered. {exception.Message}", exception);
        }
    }

    private static async ValueTask WriteAsync(Stream to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new LeftException(exception);
        }
    }

    public static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 1 << 20 });

    /// <summary>Whoever read has closed its end.</summary>
    private sealed class LeftException(IOException inner) : Exception(inner.Message, inner);
}
