using System.Diagnostics;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.EmbeddedDatabase;

/// <summary>A data folder of one test, with what these tests do to its cluster.</summary>
public abstract class ScratchCluster : IAsyncLifetime
{
    private TestRunFolder _run = null!;

    private protected string DataFolder { get; private set; } = null!;

    private protected ClusterLocation Location { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = await TestRunFolder.CreateAsync(Token);
        DataFolder = _run.NewDataFolder();
        Location = ClusterLocation.For(DataFolder);
    }

    public virtual async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _run.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected EmbeddedPostgres NewPostgres(params string[] databases) =>
        new(new EmbeddedPostgresOptions { DataFolder = DataFolder, Databases = databases, Durable = false });

    private protected async Task<EmbeddedPostgres> StartAsync(params string[] databases)
    {
        var postgres = NewPostgres(databases);
        await postgres.StartAsync(Token);
        return postgres;
    }

    private protected static async Task<T?> QueryAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync(Token);
    }

    /// <summary>SIGKILL, to the server alone: its children notice by themselves.</summary>
    private protected static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        await WaitUntilAsync(() => !IsAlive(processId));
    }

    /// <summary>A dead process whose parent has not asked after it yet still has a number, but no working folder.</summary>
    private protected static bool IsAlive(int processId) =>
        File.Exists($"/proc/{processId}/status")
        && !File.ReadLines($"/proc/{processId}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));

    private protected static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(20, timeout.Token);
    }
}
