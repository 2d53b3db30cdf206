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

/// <summary>A protected target is changed only by who signed in, or showed again that it is them, shortly before.</summary>
public sealed class FreshSignInTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProtectedTarget_WithoutTheTypedPassword_IsNotChanged()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, protectedStaging: true);
        var (fresh, admin) = (world.Get<FreshSignIn>(), await AdminAsync(world));
        var (preview, _) = await world.Previews.ReadAsync("staging", Token);
        await world.Get<MigrationApprovals>().ApproveAsync(admin, "staging", preview!.ApprovalHash, null, Token);
        await AgeAsync(world);

        Assert.Equal(["“staging” is a protected target: confirm that it is you first."], Refusals(await DeployAsync(world, admin, preview)));
        Refusals(await world.Get<MigrationApprovals>().ApproveAsync(admin, "staging", preview.ApprovalHash, null, Token));
        var wrong = Assert.IsType<FreshSignInOutcome.Refused>(await fresh.ConfirmAsync(admin, new FreshAnswer("not the password"), Token));
        Assert.StartsWith("That is not your password.", wrong.Message, StringComparison.Ordinal);
        Assert.IsType<FreshSignInOutcome.Refused>(await fresh.ConfirmAsync(admin, new FreshAnswer(""), Token));
        Assert.IsType<FreshSignInOutcome.Refused>(await fresh.ConfirmAsync(admin, null, Token));
        Refusals(await DeployAsync(world, admin, preview));
        await Assert.ThrowsAsync<FreshSignInNeededException>(() => world.Migrations.RollBackAsync(admin, "staging", "", false, acceptsLosses: true, "why", Token));
        Refusals(await world.Migrations.AdoptAsync(admin, "staging", withBackup: false, "why", Token));
        Refusals(await world.Get<MigrationResolution>().ResolveAsync(admin, "staging", world.Get<MigrationScripts>().All[0].Id, "why", Token));

        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password), Token));
        await AgeAsync(world);
        Refusals(await DeployAsync(world, admin, preview));

        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password), Token));
        Assert.Equal(FreshProof.Nothing, await fresh.ProofAsync(admin, Token));
        Assert.Equal(RunState.Done, (await world.EndOfAsync(await DeployAsync(world, admin, preview))).State);
    }

    /// <summary>It counts for the session in which it was shown, and for no other one of the same person.</summary>
    [Fact]
    public async Task Confirm_InOneSession_LeavesTheOthersStale()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var admin = await AdminAsync(world);
        var elsewhere = await SignInAsync(world, admin.Id);
        await AgeAsync(world);

        Assert.IsType<FreshSignInOutcome.Confirmed>(await world.Get<FreshSignIn>().ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password), Token));

        await admin.DemandFreshAsync(Token);
        await Assert.ThrowsAsync<FreshSignInNeededException>(() => elsewhere.DemandFreshAsync(Token));
        await Assert.ThrowsAsync<FreshSignInNeededException>(() =>
            world.Get<AccountService>().CreateAsync(new CreateAccount("new@example.org", AccountRole.Admin), elsewhere, Token));
    }

    [Fact]
    public async Task Confirm_OfSomebodyWithASecondFactor_TakesBoth()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var (fresh, admin) = (world.Get<FreshSignIn>(), await AdminAsync(world));
        var key = (await world.Get<SecondFactors>().BeginAsync(admin.Id))!.Key;
        await world.Get<SecondFactors>().EnableAsync(admin, admin.Id, Totp.Code(key), Token);
        admin = await SignInAsync(world, admin.Id);
        await AgeAsync(world);

        Assert.Equal(FreshProof.PasswordAndCode, await fresh.ProofAsync(admin, Token));
        Assert.StartsWith("Type your password and a code", Refusal(await fresh.ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password), Token)), StringComparison.Ordinal);
        Assert.StartsWith("That is not your code", Refusal(await fresh.ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password, "000000"), Token)), StringComparison.Ordinal);
        Assert.StartsWith("That is not your password", Refusal(await fresh.ConfirmAsync(admin, new FreshAnswer("not the password", Totp.Code(key, steps: 1)), Token)), StringComparison.Ordinal);
        Assert.Equal(FreshProof.PasswordAndCode, await fresh.ProofAsync(admin, Token));
        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password, Totp.Code(key, steps: 1)), Token));
        Assert.Equal(FreshProof.Nothing, await fresh.ProofAsync(admin, Token));
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
        await AgeAsync(world);
        for (var i = 0; i < 5; i++)
            await world.Get<FreshSignIn>().ConfirmAsync(admin, new FreshAnswer("not the password"), Token);

        Assert.StartsWith("Too many wrong passwords", Refusal(await world.Get<FreshSignIn>().ConfirmAsync(admin, new FreshAnswer(AccountsHost.Password), Token)), StringComparison.Ordinal);
    }

    /// <summary>Who signs in with the organisation's accounts.</summary>
    [Fact]
    public async Task Confirm_OfSomebodyWithoutAPassword_TakesASignInOfNowOrACode()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster);
        var (fresh, admin) = (world.Get<FreshSignIn>(), await AdminAsync(world));
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        await db.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, (string?)null), Token);

        Assert.Equal(FreshProof.Nothing, await fresh.ProofAsync(admin, Token));
        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, null, Token));

        await AgeAsync(world);
        Assert.Equal(FreshProof.SignIn, await fresh.ProofAsync(admin, Token));
        Assert.StartsWith("You have no password here", Refusal(await fresh.ConfirmAsync(admin, new FreshAnswer("anything"), Token)), StringComparison.Ordinal);

        var key = (await world.Get<SecondFactors>().BeginAsync(admin.Id))!.Key;
        Assert.IsType<SecondFactorOutcome.Done>(await world.Get<SecondFactors>().EnableAsync(admin, admin.Id, Totp.Code(key), Token));
        admin = await SignInAsync(world, admin.Id);
        await AgeAsync(world);
        Assert.Equal(FreshProof.Code, await fresh.ProofAsync(admin, Token));
        Assert.StartsWith("That is not your code", Refusal(await fresh.ConfirmAsync(admin, new FreshAnswer(Code: Totp.Code(key)), Token)), StringComparison.Ordinal);
        Assert.IsType<FreshSignInOutcome.Confirmed>(await fresh.ConfirmAsync(admin, new FreshAnswer(Code: Totp.Code(key, steps: 1)), Token));
    }

    private static async Task<Actor> AdminAsync(OperationsWorld world)
    {
        var created = await world.Get<AccountService>().CreateAsync(new CreateAccount("fresh@example.org", AccountRole.Admin, AccountsHost.Password), Actor.CommandLine, Token);
        return await SignInAsync(world, Assert.IsType<AccountOutcome.Done>(created).AccountId);
    }

    private static async Task<Actor> SignInAsync(OperationsWorld world, string accountId)
    {
        var principal = await world.Get<AccountSessions>().StartAsync(accountId, AccountSessionKind.Browser, null, null, Token);
        return OperationsWorld.Admin with { Id = accountId, SessionId = principal!.FindFirst(AccountClaims.Session)!.Value, Standing = world.Get<IActorStanding>() };
    }

    /// <summary>As if every session had started, and been confirmed, six minutes earlier.</summary>
    private static async Task AgeAsync(OperationsWorld world)
    {
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        await db.AccountSessions.ExecuteUpdateAsync(
            set => set.SetProperty(s => s.StartedAt, s => s.StartedAt.AddMinutes(-6)).SetProperty(s => s.ConfirmedAt, s => s.ConfirmedAt!.Value.AddMinutes(-6)), Token);
    }

    private static string Refusal(FreshSignInOutcome outcome) => Assert.IsType<FreshSignInOutcome.Refused>(outcome).Message;

    private static Task<MigrationOutcome> DeployAsync(OperationsWorld world, Actor actor, MigrationPreview preview) =>
        world.Migrations.DeployAsync(actor, "staging", preview.ApprovalHash, withBackup: false, "a test", Token);

    private static IReadOnlyList<string> Refusals(MigrationOutcome outcome) => Assert.IsType<MigrationOutcome.Refused>(outcome).Reasons;
}
