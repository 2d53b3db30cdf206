using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AdminPortal.Core.EmbeddedDatabase;

namespace AdminPortal.Core.Tests.EmbeddedDatabase;

/// <summary>Starts in a folder that an earlier portal or server left behind, in every state that being killed produces.</summary>
public sealed class EmbeddedPostgresRecoveryTests : ScratchCluster
{
    [Fact]
    public async Task StartAsync_ServerStillAlive_AdoptsIt()
    {
        var first = await StartAsync("main");

        var second = await StartAsync("main");

        Assert.True(second.Adopted);
        Assert.Equal((first.Port, first.ServerProcessId), (second.Port, second.ServerProcessId));
        Assert.Equal(1, await QueryAsync<int>(second.ConnectionString("main", EmbeddedRole.Runtime), "SELECT 1"));
    }

    [Fact]
    public async Task StartAsync_TwoAtOnce_ShareOneServer()
    {
        var both = await Task.WhenAll(Task.Run(() => StartAsync("main"), Token), Task.Run(() => StartAsync("main"), Token));

        Assert.Equal(both[0].ServerProcessId, both[1].ServerProcessId);
        Assert.Single(both, postgres => postgres.Adopted);
    }

    [Fact]
    public async Task FindRunningAsync_ServerAlive_GivesWorkingConnections()
    {
        var started = await StartAsync("main");

        var found = await EmbeddedPostgres.FindRunningAsync(new EmbeddedPostgresOptions { DataFolder = DataFolder }, Token);

        Assert.NotNull(found);
        Assert.Equal(started.ConnectionString("main", EmbeddedRole.Owner), found.ConnectionString("main", EmbeddedRole.Owner));
    }

    [Fact]
    public async Task StartAsync_ServerWasKilled_RecoversCommittedRows()
    {
        var first = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = DataFolder, Databases = ["main"] });
        await first.StartAsync(Token);
        await QueryAsync<object>(first.ConnectionString("main", EmbeddedRole.Owner), "CREATE TABLE kept AS SELECT 7 AS seven");
        await KillAsync(first.ServerProcessId);

        var second = await StartAsync("main");

        Assert.False(second.Adopted);
        Assert.Equal(7, await QueryAsync<int>(second.ConnectionString("main", EmbeddedRole.Owner), "SELECT seven FROM kept"));
    }

    [Fact]
    public async Task StartAsync_PidFileNamesAnotherLiveProcess_CleansItUpAndStarts()
    {
        var first = await StartAsync();
        await KillAsync(first.ServerProcessId);
        var path = Path.Combine(Location.Data, "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(path, Token);
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(path, lines, Token);

        var second = await StartAsync();

        Assert.False(second.Adopted);
        Assert.NotEqual(Environment.ProcessId, second.ServerProcessId);
    }

    [Fact]
    public async Task StartAsync_PidFileNamesAServerOfAnotherFolder_DoesNotAdoptIt()
    {
        var mine = await StartAsync();
        await mine.StopAsync(Token);
        var other = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = Path.Combine(Path.GetDirectoryName(DataFolder)!, "other"), Durable = false });
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(DataFolder)!, "other"));
        await other.StartAsync(Token);
        File.Copy(Path.Combine(other.Home, "server/data/postmaster.pid"), Path.Combine(Location.Data, "postmaster.pid"));

        await mine.StartAsync(Token);

        Assert.False(mine.Adopted);
        Assert.NotEqual(other.ServerProcessId, mine.ServerProcessId);
    }

    [Fact]
    public async Task StartAsync_SetUpWasKilledHalfWay_StartsAnew()
    {
        using var dies = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var interrupted = NewPostgres("main").StartAsync(dies.Token);
        await WaitUntilAsync(() => HalfDone().Any(folder => File.Exists(Path.Combine(folder, "PG_VERSION"))));
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted);
        Assert.NotEmpty(HalfDone());
        Assert.False(Location.IsInitialised);

        var postgres = await StartAsync("main");

        Assert.Equal(1, await QueryAsync<int>(postgres.ConnectionString("main", EmbeddedRole.Runtime), "SELECT 1"));
        Assert.Empty(HalfDone());
    }

    [Fact]
    public async Task StartAsync_LastPortIsTaken_ChoosesAnother()
    {
        var postgres = await StartAsync("main");
        var taken = postgres.Port;
        await postgres.StopAsync(Token);
        using var occupant = new TcpListener(IPAddress.Loopback, taken);
        occupant.Start();

        await postgres.StartAsync(Token);

        Assert.NotEqual(taken, postgres.Port);
        Assert.Equal(1, await QueryAsync<int>(postgres.ConnectionString("main", EmbeddedRole.Runtime), "SELECT 1"));
    }

    [Fact]
    public async Task StartAsync_AfterACleanStop_KeepsPortAndPasswords()
    {
        var postgres = await StartAsync("main");
        var before = postgres.ConnectionString("main", EmbeddedRole.Runtime);
        await postgres.StopAsync(Token);

        await postgres.StartAsync(Token);

        Assert.Equal(before, postgres.ConnectionString("main", EmbeddedRole.Runtime));
    }

    [Fact]
    public async Task StartAsync_PasswordsAreGone_SaysWhichFileAndWhatToDo()
    {
        var postgres = await StartAsync();
        await postgres.StopAsync(Token);
        File.Delete(postgres.SecretsFile);

        var failure = await Assert.ThrowsAsync<EmbeddedDatabaseException>(() => postgres.StartAsync(Token));

        Assert.Contains(postgres.SecretsFile, failure.Message, StringComparison.Ordinal);
    }

    private string[] HalfDone() =>
        Directory.Exists(Location.ServerFolder) ? Directory.GetDirectories(Location.ServerFolder, "data.new-*") : [];
}
