using System.Security.Claims;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class AccountSessionsTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;
    private Actor maria = null!;

    private AccountSessions Sessions => host.Get<AccountSessions>();

    public async ValueTask InitializeAsync()
    {
        host = await AccountsHost.StartAsync(cluster, None);
        maria = await host.SignInAsync(await host.CreateAsync("maria@example.org", AccountRole.User));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("startedAt", "23 hours", true)]
    [InlineData("startedAt", "25 hours", false)]
    [InlineData("lastSeenAt", "479 minutes", true)]
    [InlineData("lastSeenAt", "481 minutes", false)]
    public async Task Browser_AfterATime_CountsUntilItsLifetimeEnds(string column, string ago, bool alive)
    {
        await MoveAsync(maria, column, ago);

        Assert.Equal(alive, await IsAliveAsync(maria));
        Assert.Equal(alive ? 1 : 0, (await Sessions.ListAsync(maria, None)).Count);
    }

    [Theory]
    [InlineData("startedAt", "89 days", true)]
    [InlineData("startedAt", "91 days", false)]
    [InlineData("lastSeenAt", "13 days", true)]
    [InlineData("lastSeenAt", "15 days", false)]
    public async Task Program_AfterATime_CountsUntilItsLifetimeEnds(string column, string ago, bool alive)
    {
        var program = await host.SignInAsync(maria.Id, AccountSessionKind.Program);

        await MoveAsync(program, column, ago);

        Assert.Equal(alive, await IsAliveAsync(program));
    }

    [Fact]
    public async Task Use_MovesTheIdleTimeOn()
    {
        await MoveAsync(maria, "lastSeenAt", "479 minutes");
        Assert.True(await host.Get<SessionStanding>().IsAliveAsync(maria, used: true, None));

        Assert.InRange((await Sessions.ListAsync(maria, None)).Single().LastSeenAt, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task Look_WithoutUse_DoesNotMoveTheIdleTimeOn()
    {
        await MoveAsync(maria, "lastSeenAt", "479 minutes");
        Assert.True(await host.Get<SessionStanding>().IsAliveAsync(maria, used: false, None));

        Assert.True((await Sessions.ListAsync(maria, None)).Single().LastSeenAt < TimeProvider.System.GetUtcNow().AddHours(-7));
    }

    [Fact]
    public async Task Refresh_TokenUsedTwice_RevokesTheFamily()
    {
        var program = await host.SignInAsync(maria.Id, AccountSessionKind.Program);
        var refreshed = Assert.IsType<RefreshOutcome.Refreshed>(await Sessions.RefreshAsync(program.SessionId!, 0, null, None));
        Assert.Equal("1", refreshed.Principal.FindFirstValue(AccountClaims.Refreshes));
        Assert.True(await IsAliveAsync(program));

        Assert.IsType<RefreshOutcome.Refused>(await Sessions.RefreshAsync(program.SessionId!, 0, null, None));

        Assert.False(await IsAliveAsync(program));
        Assert.IsType<RefreshOutcome.Refused>(await Sessions.RefreshAsync(program.SessionId!, 1, null, None));
        Assert.Contains("session.refresh-token-reused", await host.ActionsAsync(maria.Id));
        Assert.True(await IsAliveAsync(maria)); // the browser is another session
    }

    [Fact]
    public async Task Refresh_ByManyAtOnce_IsGivenToOneAtMost()
    {
        var program = await host.SignInAsync(maria.Id, AccountSessionKind.Program);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Sessions.RefreshAsync(program.SessionId!, 0, null, None)));

        Assert.Single(outcomes.OfType<RefreshOutcome.Refreshed>());
        Assert.False(await IsAliveAsync(program));
    }

    [Fact]
    public async Task Refresh_OfABrowsersSession_IsRefused() =>
        Assert.IsType<RefreshOutcome.Refused>(await Sessions.RefreshAsync(maria.SessionId!, 0, null, None));

    [Fact]
    public async Task Revoke_OneOfOnesOwn_EndsThatOne()
    {
        var second = await host.SignInAsync(maria.Id);

        Assert.True(await Sessions.RevokeAsync(maria, second.SessionId!, None));

        Assert.False(await IsAliveAsync(second));
        Assert.True(await IsAliveAsync(maria));
        Assert.False(await Sessions.RevokeAsync(maria, second.SessionId!, None));
    }

    [Fact]
    public async Task Revoke_SomeoneElses_IsNothing()
    {
        var admin = await host.SignInAsync(host.Admin.Id);

        Assert.False(await Sessions.RevokeAsync(maria, admin.SessionId!, None));
        Assert.True(await IsAliveAsync(admin));
    }

    [Fact]
    public async Task RevokeOthers_KeepsTheOneThatAsks()
    {
        var others = new[] { await host.SignInAsync(maria.Id), await host.SignInAsync(maria.Id, AccountSessionKind.Program) };

        Assert.Equal(2, await Sessions.RevokeOthersAsync(maria, None));

        Assert.Equal([maria.SessionId], (await Sessions.ListAsync(maria, None)).Select(s => s.Id));
        Assert.False(await IsAliveAsync(others[0]) || await IsAliveAsync(others[1]));
    }

    [Fact]
    public async Task Cleanup_DropsWhatHasEnded()
    {
        var ended = await host.SignInAsync(maria.Id);
        await Sessions.SignOutAsync(ended, None);
        await MoveAsync(ended, "lastSeenAt", "25 hours");
        var old = await host.SignInAsync(maria.Id, AccountSessionKind.Program);
        await MoveAsync(old, "lastSeenAt", "25 hours");

        await host.Get<IEnumerable<IPortalJob>>().Single(job => job.Name == JobNames.EndedSessions).RunAsync(None);

        await using var command = host.Get<PortalDatabase>().DataSource.CreateCommand("SELECT array_agg(id ORDER BY id) FROM portal.account_sessions");
        Assert.Equal(new[] { maria.SessionId, old.SessionId }.Order(StringComparer.Ordinal), (string[])(await command.ExecuteScalarAsync(None))!);
    }

    [Theory]
    [InlineData(600, 10, 14, 90, true)]
    [InlineData(601, 10, 14, 90, false)]
    [InlineData(600, 10, 91, 90, false)]
    public void Options_IdleLongerThanAbsolute_AreRefused(int idleMinutes, int absoluteHours, int programIdleDays, int programAbsoluteDays, bool good) =>
        Assert.Equal(good, new AccountSessionOptionsValidator().Validate(null, new AccountSessionOptions
        {
            IdleMinutes = idleMinutes,
            AbsoluteHours = absoluteHours,
            ProgramIdleDays = programIdleDays,
            ProgramAbsoluteDays = programAbsoluteDays,
        }).Succeeded);

    private Task<bool> IsAliveAsync(Actor actor) => host.Get<SessionStanding>().IsAliveAsync(actor, used: false, None);

    private async Task MoveAsync(Actor actor, string column, string ago)
    {
        await using var command = host.Get<PortalDatabase>().DataSource.CreateCommand(
            $"""UPDATE portal.account_sessions SET "{column}" = now() - interval '{ago}' WHERE id = $1""");
        command.Parameters.Add(new NpgsqlParameter { Value = actor.SessionId });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(None));
    }
}
