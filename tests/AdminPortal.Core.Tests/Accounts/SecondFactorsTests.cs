using AdminPortal.Core.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class SecondFactorsTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;
    private string id = null!;

    private SecondFactors Factors => host.Get<SecondFactors>();

    public async ValueTask InitializeAsync()
    {
        host = await AccountsHost.StartAsync(cluster, None);
        id = await host.CreateAsync("maria@example.org", AccountRole.Support);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Enable_WithACodeOfTheApp_AsksForOneFromThenOn()
    {
        Assert.Equal(SignInStep.Nothing, (await Factors.AfterPasswordAsync(id))!.Step);
        var session = await host.SignInAsync(id);
        var key = (await Factors.BeginAsync(id))!.Key;
        Assert.Equal(key, (await Factors.BeginAsync(id))!.Key); // the page can be loaded again

        Assert.IsType<SecondFactorOutcome.Refused>(await Factors.EnableAsync(session, id, "000000", None));
        var done = Assert.IsType<SecondFactorOutcome.Done>(await Factors.EnableAsync(session, id, Totp.Code(key), None));

        Assert.Equal(10, done.RecoveryCodes.Distinct().Count());
        Assert.Equal(SignInStep.Code, (await Factors.AfterPasswordAsync(id))!.Step);
        Assert.Null(await Factors.BeginAsync(id)); // the key is never shown again
        await Assert.ThrowsAsync<StandingLostException>(() => session.DemandStandingAsync(None)); // it was started with less
    }

    [Fact]
    public async Task Check_ACodeUsedBefore_IsRefused()
    {
        var (key, _) = await EnabledAsync();
        var code = Totp.Code(key, steps: 1);

        Assert.IsType<SignInOutcome.SignedIn>(await Factors.CheckAsync(id, code, null, None));
        Assert.IsType<SignInOutcome.Wrong>(await Factors.CheckAsync(id, code, null, None));
    }

    /// <summary>Codes are good for some time before and after their own, so the one of before would still be in time.</summary>
    [Fact]
    public async Task Check_AnOlderCodeAfterANewerOne_IsRefusedToo()
    {
        var (key, _) = await EnabledAsync();
        var (atFirst, older, newer) = (Totp.Code(key), Totp.Code(key, steps: -1), Totp.Code(key, steps: 1));

        Assert.IsType<SignInOutcome.SignedIn>(await Factors.CheckAsync(id, older, null, None));
        Assert.IsType<SignInOutcome.SignedIn>(await Factors.CheckAsync(id, newer, null, None));
        foreach (var used in new[] { older, newer, atFirst })
            Assert.IsType<SignInOutcome.Wrong>(await Factors.CheckAsync(id, used, null, None));
    }

    [Fact]
    public async Task Check_ARecoveryCode_WorksOnceInAnyCase()
    {
        var (_, codes) = await EnabledAsync();

        Assert.IsType<SignInOutcome.SignedIn>(await Factors.CheckAsync(id, codes[0].ToLowerInvariant(), null, None));
        Assert.IsType<SignInOutcome.Wrong>(await Factors.CheckAsync(id, codes[0], null, None));
        Assert.Equal(9, await Factors.RecoveryCodesLeftAsync(id));
    }

    /// <summary>The right password between the guesses begins no new count.</summary>
    [Fact]
    public async Task Check_FiveWrongCodes_LockWhateverThePassword()
    {
        var (key, _) = await EnabledAsync();
        for (var miss = 0; miss < 5; miss++)
        {
            await host.SignIn.CheckAsync("maria@example.org", AccountsHost.Password, new SignInSource("192.0.2.1"), None);
            Assert.IsType<SignInOutcome.Wrong>(await Factors.CheckAsync(id, "000000", "192.0.2.1", None));
        }

        Assert.IsType<SignInOutcome.LockedOut>(await Factors.CheckAsync(id, Totp.Code(key, steps: 1), "192.0.2.1", None));
        await host.Accounts.UnlockAsync(id, host.Admin, None);
        Assert.IsType<SignInOutcome.SignedIn>(await Factors.CheckAsync(id, Totp.Code(key, steps: 1), "192.0.2.1", None));
    }

    [Fact]
    public async Task Remove_ByAnAdmin_LetsThePasswordSuffice()
    {
        await EnabledAsync();

        Assert.IsType<AccountOutcome.NotAllowed>(await Factors.RemoveAsync(id, host.Admin with { Role = AccountRole.Support }, None));
        Assert.IsType<AccountOutcome.Done>(await Factors.RemoveAsync(id, host.Admin, None));

        Assert.Equal(SignInStep.Nothing, (await Factors.AfterPasswordAsync(id))!.Step);
        Assert.Contains("second-factor.removed", await host.ActionsAsync(id));
    }

    [Theory]
    [InlineData(null, false, AccountRole.Admin, false)]
    [InlineData(null, true, AccountRole.Admin, true)]
    [InlineData(null, true, AccountRole.Support, false)]
    [InlineData("none", true, AccountRole.Admin, false)]
    [InlineData("admin, Support", false, AccountRole.Support, true)]
    [InlineData("admin, Support", false, AccountRole.User, false)]
    public void NeedsSecondFactor_BySettingAndTargets_IsJudged(string? setting, bool isProtected, AccountRole role, bool expected)
    {
        var portal = new Core.Targets.PortalOptions();
        portal.Targets["main"] = new Core.Targets.TargetOptions { ConnectionString = "", Protected = isProtected };

        Assert.Equal(expected, SignInOptionsValidator.NeedsSecondFactor(new SignInOptions { SecondFactorRoles = setting }, portal, role));
    }

    [Fact]
    public async Task FirstAdmin_WithAPasswordThatThePortalMadeUp_ChoosesAnother()
    {
        var account = ((AccountOutcome.Done)await host.Accounts.CreateAsync(
            new CreateAccount("first@example.org", AccountRole.Admin, AccountsHost.Password, MustChangePassword: true), host.Admin, None)).AccountId;

        Assert.Equal(SignInStep.NewPassword, (await Factors.AfterPasswordAsync(account))!.Step);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri((await Factors.NewPasswordLinkAsync(account))!).Query);
        Assert.IsType<AccountOutcome.Done>(await host.Get<OwnAccount>().ResetPasswordAsync(account, query["token"].ToString(), "four unrelated words", null, None));
        Assert.Equal(SignInStep.Nothing, (await Factors.AfterPasswordAsync(account))!.Step);
        Assert.Null(await Factors.NewPasswordLinkAsync(account));
    }

    private async Task<(string Key, IReadOnlyList<string> Codes)> EnabledAsync()
    {
        var key = (await Factors.BeginAsync(id))!.Key;
        var done = Assert.IsType<SecondFactorOutcome.Done>(await Factors.EnableAsync(host.Admin, id, Totp.Code(key), None));
        return (key, done.RecoveryCodes);
    }
}
