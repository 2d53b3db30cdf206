using AdminPortal.Core.EmbeddedDatabase;
using Npgsql;

namespace AdminPortal.Core.Tests.EmbeddedDatabase;

/// <summary>What a fresh cluster is: who may enter, as whom it runs, what it shows.</summary>
public sealed class EmbeddedPostgresTests : ScratchCluster
{
    [Fact]
    public async Task StartAsync_EmptyFolder_AcceptsTheRuntimeRole()
    {
        var postgres = await StartAsync("portal", "main");

        var who = await QueryAsync<string>(postgres.ConnectionString("main", EmbeddedRole.Runtime),
            "SELECT current_user || ' ' || current_database() || ' ' || current_setting('TimeZone') || ' ' || current_setting('application_name')");

        Assert.Equal("portal_runtime main UTC adminportal", who);
        Assert.False(postgres.Adopted);
    }

    [Theory]
    [InlineData(EmbeddedRole.Runtime)]
    [InlineData(EmbeddedRole.Owner)]
    [InlineData(EmbeddedRole.Superuser)]
    public async Task ConnectionString_WrongPassword_IsRefused(EmbeddedRole role)
    {
        var postgres = await StartAsync("main");
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString("main", role)) { Password = "wrong" };

        var failure = await Assert.ThrowsAsync<PostgresException>(() => QueryAsync<int>(wrong.ConnectionString, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, failure.SqlState);
    }

    [Fact]
    public async Task RuntimeRole_TablesThatTheOwnerMadeBeside_HasNoRightAndCannotCreate()
    {
        var postgres = await StartAsync("main");
        var owner = postgres.ConnectionString("main", EmbeddedRole.Owner);
        var runtime = postgres.ConnectionString("main", EmbeddedRole.Runtime);
        await QueryAsync<object>(owner, "CREATE SCHEMA extra; CREATE TABLE extra.notes (id int GENERATED ALWAYS AS IDENTITY, body text)");

        foreach (var forbidden in new[] { "SELECT id FROM extra.notes", "INSERT INTO extra.notes (body) VALUES ('x') RETURNING id", "CREATE TABLE public.mine (id int)", "CREATE TABLE extra.mine (id int)", "CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine (id int)", "DROP TABLE extra.notes" })
        {
            var failure = await Assert.ThrowsAsync<PostgresException>(() => QueryAsync<object>(runtime, forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure.SqlState);
        }
    }

    [Fact]
    public async Task StartAsync_EmptyFolder_KeepsPasswordsInAFileOfMode600()
    {
        var postgres = await StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(postgres.SecretsFile));
        Assert.DoesNotContain(Directory.GetFiles(Location.ServerFolder), file => file.EndsWith(".password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_AnyUser_RunsTheServerAsAnOrdinaryUserOnLoopbackOnly()
    {
        var postgres = await StartAsync();

        var ids = File.ReadLines($"/proc/{postgres.ServerProcessId}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.DoesNotContain("0", ids.Split('\t'));
        var superuser = postgres.ConnectionString("postgres", EmbeddedRole.Superuser);
        Assert.Equal("127.0.0.1|", await QueryAsync<string>(superuser, "SELECT current_setting('listen_addresses') || '|' || current_setting('unix_socket_directories')"));
        Assert.Equal(0L, await QueryAsync<long>(superuser, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"));
    }

    [Fact]
    public async Task StartAsync_Durable_KeepsFsyncOn()
    {
        var postgres = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = DataFolder });
        await postgres.StartAsync(Token);

        var settings = await QueryAsync<string>(postgres.ConnectionString("postgres", EmbeddedRole.Superuser),
            "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')");

        Assert.Equal("on on on on", settings);
    }

    [Fact]
    public async Task StopAsync_RunningServer_LeavesNoProcessAndNoPidFile()
    {
        var postgres = await StartAsync("main");
        var processId = postgres.ServerProcessId;

        await postgres.StopAsync(Token);

        Assert.False(IsAlive(processId));
        Assert.Null(PostmasterFile.Read(Location.Data));
        Assert.Null(await EmbeddedPostgres.FindRunningAsync(new EmbeddedPostgresOptions { DataFolder = DataFolder }, Token));
    }
}
