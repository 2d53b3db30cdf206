using AdminPortal.Core.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>Guessing ends, and nobody holds the door shut for others.</summary>
public sealed class SignInThrottleTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Email = "maria@example.org";
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;
    private string id = null!;

    public async ValueTask InitializeAsync()
    {
        host = await AccountsHost.StartAsync(cluster, None);
        id = await host.CreateAsync(Email, AccountRole.User);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Check_StrangersMissesElsewhere_DoNotLockThePersonOut()
    {
        await MissAsync(5, From("198.51.100.7"));

        Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(From("198.51.100.7")));
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.1")));
    }

    [Fact]
    public async Task Check_StrangersMissesFromEverywhere_LeaveTheKnownBrowserIn()
    {
        var known = From("192.0.2.1") with { Browser = "b1", Accounts = [id] };
        for (var network = 0; network < 50; network++)
        {
            await MissAsync(1, From($"198.51.100.{network}"));
        }

        Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(From("203.0.113.1")));
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(known));
        Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(known with { Accounts = [host.Admin.Id] })); // known to another account only
    }

    [Fact]
    public async Task Check_FiveMissesInAKnownBrowser_LockThatOne()
    {
        var known = From("192.0.2.1") with { Browser = "b1", Accounts = [id] };
        await MissAsync(5, known);

        Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(known));
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.1")));
    }

    [Fact]
    public async Task Check_AHundredRightOnesFromOneNetwork_AreNeverSlowed()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.1")));
        }
    }

    [Fact]
    public async Task Check_ThirtyMissesOfOneNetwork_SlowIt()
    {
        for (var i = 0; i < 30; i++)
        {
            await host.SignIn.CheckAsync($"somebody{i}@example.org", "wrong", From("192.0.2.1"), None);
        }

        var locked = Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(From("192.0.2.1")));

        Assert.InRange(locked.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.2")));
    }

    /// <summary>Whoever asks must not learn which addresses have an account.</summary>
    [Theory]
    [InlineData(Email)]
    [InlineData("nobody@example.org")]
    public async Task Check_FourMissesAndAFifthLater_IsWrongForAnyAddress(string email)
    {
        for (var miss = 0; miss < 4; miss++)
        {
            Assert.IsType<SignInOutcome.Wrong>(await host.SignIn.CheckAsync(email, "wrong", From("192.0.2.1"), None));
        }

        await host.PassAsync(TimeSpan.FromMinutes(16));

        Assert.IsType<SignInOutcome.Wrong>(await host.SignIn.CheckAsync(email, "wrong", From("192.0.2.1"), None));
    }

    [Fact]
    public async Task Check_OnAnotherInstance_CountsTogether()
    {
        await MissAsync(4, From("192.0.2.1"));
        var other = new SignInThrottle(host.Get<AdminPortal.Core.Targets.PortalDatabase>(), Microsoft.Extensions.Options.Options.Create(new SignInOptions()));
        var brakes = other.Of("MARIA@EXAMPLE.ORG", id, From("192.0.2.1"));

        var fifth = await other.CountAsync(brakes, None);

        Assert.NotNull(fifth.Locks);
        Assert.IsType<SignInOutcome.LockedOut>(await RightAsync(From("192.0.2.1")));
    }

    [Fact]
    public async Task Unlock_AfterTooManyMisses_LetsThePersonInAtOnce()
    {
        await MissAsync(5, From("192.0.2.1"));
        Assert.NotNull((await host.RowAsync(id)).LockedUntil);

        Assert.IsType<AccountOutcome.Done>(await host.Accounts.UnlockAsync(id, host.Admin, None));

        Assert.Null((await host.RowAsync(id)).LockedUntil);
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.1")));
        Assert.Contains("account.unlocked", await host.ActionsAsync(id));
    }

    /// <summary>Typing a wrong password in an open page says nothing about who is at the door.</summary>
    [Fact]
    public async Task Confirm_FiveMissesInASession_LeaveSignInAlone()
    {
        var maria = await host.SignInAsync(id);
        await host.AgeSessionsAsync();
        for (var miss = 0; miss < 5; miss++)
        {
            await host.Get<FreshSignIn>().ConfirmAsync(maria, new FreshAnswer("wrong"), None);
        }

        Assert.IsType<FreshSignInOutcome.Refused>(await host.Get<FreshSignIn>().ConfirmAsync(maria, new FreshAnswer(AccountsHost.Password), None));
        Assert.IsType<SignInOutcome.SignedIn>(await RightAsync(From("192.0.2.1")));
    }

    /// <summary>A flood of refused tries leaves a bounded trace.</summary>
    [Fact]
    public async Task Check_RefusedAgainAndAgain_IsRecordedOnce()
    {
        await MissAsync(60, From("192.0.2.1"));

        var actions = await host.ActionsAsync(id);

        Assert.Equal(5, actions.Count(a => a == "sign-in.failed"));
        Assert.Equal(1, actions.Count(a => a == "sign-in.locked"));
    }

    [Theory]
    [InlineData("zoë@bücher.example", "ZOË@xn--bcher-kva.example")]
    [InlineData("anna@xn--bcher-kva.example", "Anna@Bücher.example")]
    public async Task Check_InternationalDomain_SignsInWithBothSpellings(string created, string typed)
    {
        var account = await host.CreateAsync(created, AccountRole.User);

        Assert.Equal(new SignInOutcome.SignedIn(account), await host.SignIn.CheckAsync(created, AccountsHost.Password, From("192.0.2.1"), None));
        Assert.Equal(new SignInOutcome.SignedIn(account), await host.SignIn.CheckAsync(typed, AccountsHost.Password, From("192.0.2.1"), None));
        Assert.IsType<AccountOutcome.EmailTaken>(await host.Accounts.CreateAsync(new CreateAccount(typed, AccountRole.User), host.Admin, None));
    }

    private static SignInSource From(string address) => new(address);

    private Task<SignInOutcome> RightAsync(SignInSource source) => host.SignIn.CheckAsync(Email, AccountsHost.Password, source, None);

    private async Task MissAsync(int times, SignInSource source)
    {
        for (var miss = 0; miss < times; miss++)
        {
            await host.SignIn.CheckAsync(Email, "wrong", source, None);
        }
    }
}
