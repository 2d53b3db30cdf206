using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>Where the settings say so, nobody makes an admin alone, and nobody deploys alone what they approved.</summary>
public sealed class TwoPersonTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewAdmin_Created_IsAUserUntilASecondAdminSaysSo()
    {
        await using var host = await StartAsync();
        var (first, second) = (await AdminAsync(host, "first@example.org"), await AdminAsync(host, "second@example.org"));

        var made = Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateAsync(new CreateAccount("new@example.org", AccountRole.Admin), first, Token));

        Assert.True(made.NeedsSecond);
        Assert.NotNull(made.Link);
        var row = await host.RowAsync(made.AccountId);
        Assert.Equal((AccountRole.User, first.Id, "first@example.org"), (row.Role, row.AdminProposal?.By, row.AdminProposal?.ByEmail));
        Assert.True(Assert.IsType<AccountOutcome.Done>(await host.Accounts.ChangeRoleAsync(made.AccountId, AccountRole.Admin, first, Token)).NeedsSecond);
        Assert.Equal(AccountRole.User, (await host.RowAsync(made.AccountId)).Role);

        Assert.False(Assert.IsType<AccountOutcome.Done>(await host.Accounts.ChangeRoleAsync(made.AccountId, AccountRole.Admin, second, Token)).NeedsSecond);
        row = await host.RowAsync(made.AccountId);
        Assert.Equal((AccountRole.Admin, null), (row.Role, row.AdminProposal));
        Assert.Equal(["account.created", "account.admin-proposed", "account.reset-link-made", "account.admin-proposed", "account.role-changed"], await host.ActionsAsync(made.AccountId));
    }

    [Fact]
    public async Task NewAdmin_Refused_NeedsTwoAgain()
    {
        await using var host = await StartAsync();
        var (first, second) = (await AdminAsync(host, "first@example.org"), await AdminAsync(host, "second@example.org"));
        var id = await host.CreateAsync("new@example.org", AccountRole.Support);

        await host.Accounts.ChangeRoleAsync(id, AccountRole.Admin, first, Token);
        await host.Accounts.RefuseAdminAsync(id, second, Token);

        Assert.Null((await host.RowAsync(id)).AdminProposal);
        Assert.True(Assert.IsType<AccountOutcome.Done>(await host.Accounts.ChangeRoleAsync(id, AccountRole.Admin, second, Token)).NeedsSecond);
        Assert.Equal(AccountRole.Support, (await host.RowAsync(id)).Role);
    }

    /// <summary>The word of somebody who is no admin any more is no word.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NewAdmin_WhoseProposerIsNoAdminAnyMore_NeedsTwoAgain(bool disabled)
    {
        await using var host = await StartAsync();
        var (first, second) = (await AdminAsync(host, "first@example.org"), await AdminAsync(host, "second@example.org"));
        var id = await host.CreateAsync("new@example.org", AccountRole.User);
        await host.Accounts.ChangeRoleAsync(id, AccountRole.Admin, first, Token);

        Assert.IsType<AccountOutcome.Done>(disabled ? await host.Accounts.DisableAsync(first.Id, second, Token) : await host.Accounts.ChangeRoleAsync(first.Id, AccountRole.Support, second, Token));

        Assert.Null((await host.RowAsync(id)).AdminProposal);
        Assert.True(Assert.IsType<AccountOutcome.Done>(await host.Accounts.ChangeRoleAsync(id, AccountRole.Admin, second, Token)).NeedsSecond);
        Assert.Equal(AccountRole.User, (await host.RowAsync(id)).Role);
    }

    /// <summary>Else one admin would sign in as another one, and be two.</summary>
    [Fact]
    public async Task AnotherAdminsDoors_AreNotOpenedAlone()
    {
        await using var host = await StartAsync();
        var (first, second) = (await AdminAsync(host, "first@example.org"), await AdminAsync(host, "second@example.org"));

        Assert.IsType<AccountOutcome.NeedsTwo>(await host.Accounts.CreateResetLinkAsync(second.Id, first, Token));
        Assert.IsType<AccountOutcome.NeedsTwo>(await host.Get<SecondFactors>().RemoveAsync(second.Id, first, Token));
        Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateResetLinkAsync(second.Id, Actor.CommandLine, Token));
        Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateResetLinkAsync(await host.CreateAsync("user@example.org", AccountRole.User), first, Token));
    }

    [Fact]
    public async Task NewAdmin_OnTheCommandLineOrWithoutTheSetting_NeedsNobodyElse()
    {
        await using var host = await AccountsHost.StartAsync(cluster, Token);
        var first = await AdminAsync(host, "first@example.org");
        Assert.False(Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateAsync(new CreateAccount("a@example.org", AccountRole.Admin), first, Token)).NeedsSecond);

        host.Get<IOptions<TwoPersonOptions>>().Value.NewAdmins = true;
        Assert.False(Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateAsync(new CreateAccount("b@example.org", AccountRole.Admin), Actor.CommandLine, Token)).NeedsSecond);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deployment_OnAProtectedTarget_IsStartedByAnotherThanWhoApprovedIt(bool secondApprovesToo)
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, protectedStaging: true);
        world.Get<IOptions<TwoPersonOptions>>().Value.Deployments = true;
        var (first, second) = (await AdminAsync(world, "first@example.org"), await AdminAsync(world, "second@example.org"));
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        var approvals = world.Get<MigrationApprovals>();
        await approvals.ApproveAsync(first, "staging", preview!.ApprovalHash, null, Token);

        Assert.Equal([MigrationPreview.TwoPersons], Assert.IsType<MigrationOutcome.Refused>(await DeployAsync(world, first, preview)).Reasons);
        if (secondApprovesToo)
        {
            await approvals.ApproveAsync(second, "staging", preview.ApprovalHash, null, Token);
        }

        Assert.IsType<MigrationOutcome.Started>(await DeployAsync(world, secondApprovesToo ? first : second, preview));
    }

    [Fact]
    public async Task Deployment_ApprovedByWhoIsNoAdminAnyMore_IsNotApproved()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, protectedStaging: true);
        world.Get<IOptions<TwoPersonOptions>>().Value.Deployments = true;
        var (first, second) = (await AdminAsync(world, "first@example.org"), await AdminAsync(world, "second@example.org"));
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        await world.Get<MigrationApprovals>().ApproveAsync(first, "staging", preview!.ApprovalHash, null, Token);
        await world.Get<AccountService>().DisableAsync(first.Id, second, Token);

        Assert.Equal(["Nobody approved this preview yet."], Assert.IsType<MigrationOutcome.Refused>(await DeployAsync(world, second, preview)).Reasons);
    }

    private static Task<MigrationOutcome> DeployAsync(OperationsWorld world, Actor actor, MigrationPreview preview) =>
        world.Migrations.DeployAsync(actor, "staging", preview.ApprovalHash, withBackup: false, "a test", Token);

    private static async Task<Actor> AdminAsync(AccountsHost host, string email) => await host.SignInAsync(await host.CreateAsync(email, AccountRole.Admin));

    private static async Task<Actor> AdminAsync(OperationsWorld world, string email)
    {
        var created = await world.Get<AccountService>().CreateAsync(new CreateAccount(email, AccountRole.Admin, AccountsHost.Password), Actor.CommandLine, Token);
        var id = Assert.IsType<AccountOutcome.Done>(created).AccountId;
        var principal = await world.Get<AccountSessions>().StartAsync(id, AccountSessionKind.Browser, null, null, Token);
        return OperationsWorld.Admin with { Id = id, SessionId = principal!.FindFirst(AccountClaims.Session)!.Value, Standing = world.Get<IActorStanding>() };
    }

    private async Task<AccountsHost> StartAsync()
    {
        var host = await AccountsHost.StartAsync(cluster, Token);
        host.Get<IOptions<TwoPersonOptions>>().Value.NewAdmins = true;
        return host;
    }
}
