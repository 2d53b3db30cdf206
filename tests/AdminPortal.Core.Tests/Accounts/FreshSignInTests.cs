using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>A protected target is changed only by who typed the password again, shortly before.</summary>
public sealed class FreshSignInTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProtectedTarget_WithoutTheTypedPassword_IsNotChanged()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, protectedStaging: true);
        var admin = await AdminAsync(world);
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        await world.Get<MigrationApprovals>().ApproveAsync(admin, "staging", preview!.ApprovalHash, null, Token);

        Assert.Equal(["“staging” is a protected target: type your password again first."], Refusals(await DeployAsync(world, admin, preview)));
        var wrong = Assert.IsType<FreshSignInOutcome.Refused>(await world.Get<FreshSignIn>().ConfirmAsync(admin, "not the password", Token));
        Assert.StartsWith("That is not your password.", wrong.Message, StringComparison.Ordinal);
        Assert.IsType<FreshSignInOutcome.Refused>(await world.Get<FreshSignIn>().ConfirmAsync(admin, "", Token));
        Refusals(await DeployAsync(world, admin with { ConfirmedAt = TimeProvider.System.GetUtcNow().AddMinutes(-6) }, preview));
        Refusals(await world.Migrations.RollBackAsync(admin, "staging", "", false, acceptsLosses: true, "why", Token));
        Refusals(await world.Get<MigrationResolution>().ResolveAsync(admin, "staging", world.Get<MigrationScripts>().All[0].Id, "why", Token));

        var confirmed = Assert.IsType<FreshSignInOutcome.Confirmed>(await world.Get<FreshSignIn>().ConfirmAsync(admin, AccountsHost.Password, Token)).Actor;
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await DeployAsync(world, confirmed, preview))).State);
    }

    /// <summary>Whoever may run the program on its own machine can do everything anyway.</summary>
    [Fact]
    public async Task ProtectedTarget_FromTheCommandLine_AsksForNoPassword()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, protectedStaging: true);
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        await world.Get<MigrationApprovals>().ApproveAsync(Actor.CommandLine, "staging", preview!.ApprovalHash, null, Token);

        Assert.IsType<MigrationOutcome.Started>(await DeployAsync(world, Actor.CommandLine, preview));
    }

    [Fact]
    public async Task Confirm_WrongAgainAndAgain_LocksTheAccount()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var admin = await AdminAsync(world);
        for (var i = 0; i < 5; i++)
            await world.Get<FreshSignIn>().ConfirmAsync(admin, "not the password", Token);

        var locked = Assert.IsType<FreshSignInOutcome.Refused>(await world.Get<FreshSignIn>().ConfirmAsync(admin, AccountsHost.Password, Token));

        Assert.StartsWith("Too many wrong passwords", locked.Message, StringComparison.Ordinal);
    }

    private static async Task<Actor> AdminAsync(OperationsWorld world)
    {
        var created = await world.Get<AccountService>().CreateAsync(new CreateAccount("fresh@example.org", AccountRole.Admin, AccountsHost.Password), Actor.CommandLine, Token);
        return OperationsWorld.Admin with { Id = Assert.IsType<AccountOutcome.Done>(created).AccountId };
    }

    private static Task<MigrationOutcome> DeployAsync(OperationsWorld world, Actor actor, MigrationPreview preview) =>
        world.Migrations.DeployAsync(actor, "staging", preview.ApprovalHash, withBackup: false, "a test", Token);

    private static IReadOnlyList<string> Refusals(MigrationOutcome outcome) => Assert.IsType<MigrationOutcome.Refused>(outcome).Reasons;
}
