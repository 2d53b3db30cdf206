using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class SessionStandingTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;
    private string id = null!;
    private Actor other = null!;

    public async ValueTask InitializeAsync()
    {
        host = await AccountsHost.StartAsync(cluster, None);
        id = await host.CreateAsync("other@example.org", AccountRole.Admin);
        other = await host.SignInAsync(id);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Create_ByASignedInAdmin_IsDone() => Assert.IsType<AccountOutcome.Done>(await CreateAsync());

    [Fact]
    public async Task Create_ByAnAdminWhoWasDisabled_IsRefusedAndChangesNothing()
    {
        await host.Accounts.DisableAsync(id, host.Admin, None);

        await Assert.ThrowsAsync<StandingLostException>(CreateAsync);
        Assert.Equal(0, (await host.Get<AccountDirectory>().ListAsync(host.Admin, "new@example.org", 0, 10, None)).Total);
    }

    [Fact]
    public async Task Create_ByAnAdminWhoWasDemoted_IsRefused()
    {
        await host.Accounts.ChangeRoleAsync(id, AccountRole.Support, host.Admin, None);

        await Assert.ThrowsAsync<StandingLostException>(CreateAsync);
    }

    [Fact]
    public async Task Create_WithAnotherSecurityStamp_IsRefused()
    {
        await ExecuteAsync("""UPDATE portal.accounts SET "securityStamp" = 'another' WHERE id = $1""");

        await Assert.ThrowsAsync<StandingLostException>(CreateAsync);
    }

    [Fact]
    public async Task Create_AfterSignOut_IsRefused()
    {
        await host.Get<AccountSessions>().SignOutAsync(other, None);

        await Assert.ThrowsAsync<StandingLostException>(CreateAsync);
    }

    [Fact]
    public async Task Create_WithTheSessionOfSomeoneElse_IsRefused()
    {
        other = other with { Id = host.Admin.Id };

        await Assert.ThrowsAsync<StandingLostException>(CreateAsync);
    }

    [Fact]
    public async Task Create_DisabledBetweenTheQuestionAndTheTurn_IsRefusedInTheTransaction()
    {
        await using var connection = await host.Get<PortalDatabase>().DataSource.OpenConnectionAsync(None);
        await using var transaction = await connection.BeginTransactionAsync(None);
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AccountChange.LockKey})", connection))
        {
            await take.ExecuteNonQueryAsync(None);
        }

        var creating = CreateAsync();
        await WaitForTheTurnAsync();
        await using (var disable = new NpgsqlCommand("""UPDATE portal.accounts SET "disabledAt" = now() WHERE id = $1""", connection) { Parameters = { new() { Value = id } } })
        {
            await disable.ExecuteNonQueryAsync(None);
        }

        await transaction.CommitAsync(None);
        await Assert.ThrowsAsync<StandingLostException>(() => creating);
    }

    [Fact]
    public async Task Disable_OfAnAccount_IsToldToOpenPages()
    {
        await using var listening = await host.Get<PortalDatabase>().DataSource.OpenConnectionAsync(None);
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        listening.Notification += (_, notification) => heard.TrySetResult(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {AccountSessionListener.Channel}", listening))
        {
            await listen.ExecuteNonQueryAsync(None);
        }

        await host.Accounts.DisableAsync(id, host.Admin, None);

        await listening.WaitAsync(None);
        Assert.Equal(id, await heard.Task);
    }

    private Task<AccountOutcome> CreateAsync() =>
        host.Accounts.CreateAsync(new CreateAccount("new@example.org", AccountRole.Admin, AccountsHost.Password), other, None);

    private async Task WaitForTheTurnAsync()
    {
        await using var ask = host.Get<PortalDatabase>().DataSource.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'");
        while ((long)(await ask.ExecuteScalarAsync(None))! == 0)
        {
            None.ThrowIfCancellationRequested();
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = host.Get<PortalDatabase>().DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(None));
    }
}
