using AdminPortal.Core.Backups;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Backups;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>A target on a primary and its standby, both named in one connection string, the standby first.</summary>
public sealed class HostListTests(PostgresCluster cluster) : IAsyncLifetime
{
    private PrimaryAndStandby _servers = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _servers = await PrimaryAndStandby.StartAsync(Token);

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task Backup_OfAPrimaryBehindItsStandby_ReadsThePrimaryAndIsProven()
    {
        await _servers.CreateDatabaseAsync("clinic", migrated: true, Token);
        await using var portal = await BackupPortal.CreateAsync(
            cluster, ("Portal:Targets:main:ConnectionString", _servers.ConnectionString("clinic", EmbeddedRole.Runtime)), ("Portal:Targets:main:OwnerConnectionString", _servers.ConnectionString("clinic", EmbeddedRole.Owner)));

        var backup = await portal.TakenAsync();

        Assert.Contains("public.device_pairings", backup.Counts.Keys);
        var proof = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.True(proof.State == RunState.Done, proof.Error);
    }

    [Fact]
    public void ToolVariables_OfSeveralHosts_NameThemAllAndThePrimary()
    {
        var text = ConnectionText.Normalized($"Host={_servers.Hosts};Database=clinic;Username=app");

        var variables = ToolConnection.Variables(new NpgsqlConnectionStringBuilder(text)).ToDictionary(v => v.Name, v => v.Value);

        Assert.Equal(("127.0.0.1,127.0.0.1", $"{_servers.StandbyPort},{_servers.PrimaryPort}", "primary"), (variables["PGHOST"], variables["PGPORT"], variables["PGTARGETSESSIONATTRS"]));
    }

    [Fact]
    public async Task Failover_OfAKilledPrimary_IsFollowedWithinThreeSecondsOfThePromotion()
    {
        await _servers.CreateDatabaseAsync("clinic", migrated: false, Token);
        await using var source = DatabaseOptions.CreateDataSource(ConnectionText.Normalized(_servers.ConnectionString("clinic", EmbeddedRole.Owner)));
        await ExecuteAsync(source, "CREATE TABLE public.t (i int)");
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var listening = new DatabaseListener(source, "changes", heard.Enqueue, TimeProvider.System, NullLogger.Instance).RunAsync(over.Token);
        await UntilAsync(() => !heard.IsEmpty);
        await _servers.CaughtUpAsync(Token);

        await _servers.CrashPrimaryAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(source, "INSERT INTO public.t VALUES (1)"));
        await _servers.PromoteAsync();

        var promoted = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await ExecuteAsync(source, "INSERT INTO public.t VALUES (2)");
                break;
            }
            catch (Exception exception) when (TargetAvailability.IsOutage(exception) && TimeProvider.System.GetElapsedTime(promoted) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50, Token);
            }
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(promoted).TotalSeconds, 0, 3);
        await UntilAsync(() => heard.Count >= 2); // it listens again, and said so
        await ExecuteAsync(source, "NOTIFY changes, 'after'");
        await UntilAsync(() => heard.Contains("after"));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    /// <summary>A server process that hangs answers nothing and closes nothing; a stopped one is the same to whoever waits for it.</summary>
    [Fact]
    public async Task Listener_WhoseServerHangs_ListensAgainWithinTenSeconds()
    {
        await _servers.CreateDatabaseAsync("clinic", migrated: false, Token);
        await using var source = DatabaseOptions.CreateDataSource(ConnectionText.Normalized(_servers.ConnectionString("clinic", EmbeddedRole.Owner)));
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var listening = new DatabaseListener(source, "changes", heard.Enqueue, TimeProvider.System, NullLogger.Instance).RunAsync(over.Token);
        await UntilAsync(() => !heard.IsEmpty);
        await using var command = source.CreateCommand("SELECT pid FROM pg_stat_activity WHERE query IN ('LISTEN changes', 'SELECT 1') AND datname = 'clinic' AND pid <> pg_backend_pid()");
        var hung = (int)(await command.ExecuteScalarAsync(Token))!;

        await SignalAsync(hung, "STOP");
        var since = TimeProvider.System.GetTimestamp();
        try
        {
            await UntilAsync(() => heard.Count >= 2);
        }
        finally
        {
            await SignalAsync(hung, "CONT");
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 12); // ten, and two for a busy machine
        await ExecuteAsync(source, "NOTIFY changes, 'after'");
        await UntilAsync(() => heard.Contains("after"));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    private static async Task SignalAsync(int process, string signal) =>
        Assert.Equal(0, (await ToolProcess.AskAsync("kill", [$"-{signal}", process.ToString(System.Globalization.CultureInfo.InvariantCulture)], CancellationToken.None)).ExitCode);

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(50, patience.Token);
    }
}
