using System.Security.Cryptography;
using AdminPortal.Core.EmbeddedDatabase;

namespace AdminPortal.Testing;

/// <summary>A folder of one test run for the data folders of its clusters. Runs that were killed are cleaned up by the next one.</summary>
public sealed class TestRunFolder : IAsyncDisposable
{
    private static readonly string Root = Path.Combine(Path.GetTempPath(), "adminportal-tests");
    private readonly string _path;
    private readonly FileStream _lock;

    private TestRunFolder(string path)
    {
        _path = path;
        _lock = OpenLock(Path.Combine(path, "run.lock"))!;
    }

    public static async Task<TestRunFolder> CreateAsync(CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(Root);
        await using var gate = await EnterAsync(cancellationToken);
        foreach (var folder in Directory.GetDirectories(Root))
            await RemoveIfDeadAsync(folder, cancellationToken);
        var path = Path.Combine(Root, RandomNumberGenerator.GetHexString(12, lowercase: true));
        Directory.CreateDirectory(path);
        return new TestRunFolder(path);
    }

    /// <summary>A new, empty data folder. Whatever cluster is started in it goes with the run.</summary>
    public string NewDataFolder() => Directory.CreateDirectory(Path.Combine(_path, RandomNumberGenerator.GetHexString(8, lowercase: true))).FullName;

    public async ValueTask DisposeAsync()
    {
        await RemoveClustersAsync(_path, CancellationToken.None);
        await using var gate = await EnterAsync(CancellationToken.None);
        await _lock.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }

    private static async Task RemoveIfDeadAsync(string folder, CancellationToken cancellationToken)
    {
        // The system frees the lock of a run that died.
        if (OpenLock(Path.Combine(folder, "run.lock")) is not { } held)
            return;
        await using (held)
        {
            try
            {
                await RemoveClustersAsync(folder, cancellationToken);
                Directory.Delete(folder, recursive: true);
            }
            catch (EmbeddedDatabaseException failure)
            {
                // Another run's remains must not fail this one; they stay for a person to look at.
                await Console.Error.WriteLineAsync($"Could not remove what a killed test run left in {folder}: {failure.Message}");
            }
        }
    }

    private static async Task RemoveClustersAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var dataFolder in Directory.GetDirectories(folder))
            await new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = dataFolder }).RemoveAsync(cancellationToken);
    }

    /// <summary>One at a time, so that nobody takes a folder that is just being made or removed for a dead one.</summary>
    private static async Task<FileStream> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (OpenLock(Path.Combine(Root, "gate.lock")) is { } gate)
                return gate;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static FileStream? OpenLock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null; // held by somebody alive
        }
    }
}
