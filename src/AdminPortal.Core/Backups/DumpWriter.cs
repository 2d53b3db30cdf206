using System.Globalization;
using System.Security.Cryptography;
using AdminPortal.Core.Runs;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Backups;

/// <summary>What a dump turned out to be.</summary>
/// <param name="Counts">Rows per table in the same snapshot; null: counting took too long.</param>
internal sealed record WrittenDump(long SizeBytes, string Sha256, IReadOnlyDictionary<string, long>? Counts);

/// <summary>
/// Runs pg_dump and writes what it says into a partial file. It goes through the portal rather than to a file of its own, so
/// that a portal that dies takes its pg_dump with it, the checksum is of what was meant to be written, and a full disk is
/// noticed where it can be told.
/// </summary>
internal sealed class DumpWriter(BackupFolder folder, BackupKeys keys, IOptions<BackupOptions> options, TimeProvider time)
{
    private const int BufferSize = 1 << 17;
    private const long TellEvery = 1 << 20;

    /// <summary>With a table that somebody has locked.</summary>
    public TimeSpan Patience => TimeSpan.FromSeconds(options.Value.LockSeconds);

    public async Task<WrittenDump> WriteAsync(
        PostgresToolSet tools, DumpSource source, string fileName, Action<BackupProgress> tell, RunJournal journal, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var counting = source.CountAsync(TimeSpan.FromSeconds(options.Value.CountSeconds), time, both.Token);
        var dumping = DumpAsync(tools, source, fileName, tell, journal, both.Token);
        try
        {
            await await Task.WhenAny(counting, dumping);
            var (size, sha256) = await dumping;
            return new WrittenDump(size, sha256, await counting);
        }
        catch
        {
            await both.CancelAsync();
            await Task.WhenAll(counting, dumping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Proves that pg_restore can read the file's table of contents, and that every table's rows are in it.</summary>
    public async Task<int> ListAsync(PostgresToolSet tools, StoredDump dump, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await ToolProcess.AskAsync(tools.PgRestore, ["--list", .. dump.Arguments], cancellationToken, dump.Input);
        return exitCode == 0
            ? output.Split('\n').Count(line => line.Contains(" TABLE DATA ", StringComparison.Ordinal))
            : throw new RunFailedException($"pg_restore cannot read the file in {folder.FullName}: {output}");
    }

    private async Task<(long Size, string Sha256)> DumpAsync(
        PostgresToolSet tools, DumpSource source, string fileName, Action<BackupProgress> tell, RunJournal journal, CancellationToken cancellationToken)
    {
        var progress = new DumpProgress(source.Tables, tell);
        await using var file = folder.CreatePartial(fileName);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] arguments =
        [
            "--format=custom", "--verbose", "--no-password", $"--snapshot={source.Snapshot}",
            $"--lock-wait-timeout={((long)Patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}",
        ];
        var ended = await ToolProcess.RunAsync(
            tools.PgDump, arguments, source.Server, progress.Line, (output, token) => CopyAsync(output, bytes => WriteAsync(file, hash, bytes, token), progress, token), cancellationToken);
        foreach (var error in ended.Errors)
        {
            journal.Log($"pg_dump: {error}");
        }

        if (ended.ExitCode != 0)
        {
            throw new RunFailedException(ToolWords.Describe("pg_dump", ended));
        }

        file.Flush(flushToDisk: true);
        return (file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async ValueTask WriteAsync(FileStream file, IncrementalHash hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        hash.AppendData(bytes.Span);
        await file.WriteAsync(bytes, cancellationToken);
    }

    private async Task CopyAsync(Stream output, Func<ReadOnlyMemory<byte>, ValueTask> write, DumpProgress progress, CancellationToken cancellationToken)
    {
        using var sealing = keys.Current is { } key ? await SealedWriter.BeginAsync(key, write) : null;
        write = sealing is null ? write : sealing.WriteAsync;
        var buffer = new byte[BufferSize];
        var (written, told) = (0L, 0L);
        int read;
        while ((read = await output.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await write(buffer.AsMemory(0, read));
            written += read;
            if (written - told >= TellEvery)
            {
                told = written;
                progress.Written(written);
            }
        }

        await (sealing?.CompleteAsync() ?? ValueTask.CompletedTask);
    }
}
