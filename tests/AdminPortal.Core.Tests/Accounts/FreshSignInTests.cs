using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

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

        Assert.Equal(["“staging” is a protected target: confirm that it is you first."], Refusals(await DeployAsync(world, admin, preview)));
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

    /// <summary>Who signs in with the organisation's accounts.</summary>
    [Fact]
    public async Task Confirm_OfSomebodyWithoutAPassword_TakesASignInOfNowOrACode()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var (fresh, admin) = (world.Get<FreshSignIn>(), await AdminAsync(world));
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        await db.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, (string?)null), Token);
        await world.Get<AccountSessions>().StartAsync(admin.Id, AccountSessionKind.Browser, null, null, Token);
        admin = admin with { SessionId = (await db.AccountSessions.SingleAsync(Token)).Id };

        Assert.Equal(FreshProof.Nothing, await fresh.ProofAsync(admin, Token));
        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, null, Token));

        await db.AccountSessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.StartedAt, TimeProvider.System.GetUtcNow().AddMinutes(-6)), Token);
        Assert.Equal(FreshProof.SignIn, await fresh.ProofAsync(admin, Token));
        Assert.StartsWith("You have no password here", Assert.IsType<FreshSignInOutcome.Refused>(await fresh.ConfirmAsync(admin, "anything", Token)).Message, StringComparison.Ordinal);

        var key = (await world.Get<SecondFactors>().BeginAsync(admin.Id))!.Key;
        Assert.IsType<SecondFactorOutcome.Done>(await world.Get<SecondFactors>().EnableAsync(admin, admin.Id, Totp.Code(key), Token));
        Assert.Equal(FreshProof.Code, await fresh.ProofAsync(admin, Token));
        Assert.StartsWith("That is not your code", Assert.IsType<FreshSignInOutcome.Refused>(await fresh.ConfirmAsync(admin, Totp.Code(key), Token)).Message, StringComparison.Ordinal);
        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, Totp.Code(key, steps: 1), Token));
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
