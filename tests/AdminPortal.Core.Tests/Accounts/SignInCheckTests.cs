using AdminPortal.Core.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class SignInCheckTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const int Most = 5;
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
    public async Task Check_RightPassword_SignsInAndIsRecorded()
    {
        var signedIn = Assert.IsType<SignInOutcome.SignedIn>(await CheckAsync(" MARIA@example.org ", AccountsHost.Password));

        Assert.Equal(id, signedIn.AccountId);
        Assert.NotNull((await host.RowAsync(id)).LastSignInAt);
        Assert.Contains("sign-in.ok", await host.ActionsAsync(id));
    }

    [Theory]
    [InlineData(Email)]
    [InlineData("nobody@example.org")]
    public async Task Check_FiveMisses_LocksAnyAddressAlike(string email)
    {
        for (var miss = 1; miss < Most; miss++)
        {
            Assert.IsType<SignInOutcome.Wrong>(await CheckAsync(email, "wrong"));
        }

        var locked = Assert.IsType<SignInOutcome.LockedOut>(await CheckAsync(email, "wrong"));
        Assert.InRange(locked.RetryAfter, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.IsType<SignInOutcome.LockedOut>(await CheckAsync(email, AccountsHost.Password));
    }

    [Fact]
    public async Task Check_TwentyWrongAtOnce_CountsEveryOne()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CheckAsync(Email, "wrong")));

        Assert.Equal(Most - 1, outcomes.Count(o => o is SignInOutcome.Wrong));
    }

    [Fact]
    public async Task Check_DisabledAccount_SaysSoOnlyToWhoKnowsThePassword()
    {
        await host.Accounts.DisableAsync(id, host.Admin, None);

        Assert.IsType<SignInOutcome.Wrong>(await CheckAsync(Email, "wrong"));
        Assert.IsType<SignInOutcome.Disabled>(await CheckAsync(Email, AccountsHost.Password));
    }

    [Theory]
    [InlineData("elevenchars", false)]
    [InlineData("Password2024!!", false)]
    [InlineData("P4ssw0rd12345", false)]
    [InlineData("123456789012", false)]
    [InlineData("adminadminadmin", false)]
    [InlineData("qwertyuiopqwertyuiop", false)]
    [InlineData("maria1234567890", false)]
    [InlineData("1qaz2wsx3edc4rfv", false)]
    [InlineData("klinikum2026", false)]
    [InlineData("Krankenhaus2026!", false)]
    [InlineData("portal.example.org", false)]
    [InlineData("kettle moss drum", true)]
    [InlineData("ein Fahrrad im Schnee", true)]
    public async Task ChangePassword_ByLengthAndCommonList_IsJudged(string next, bool accepted)
    {
        var maria = host.Admin with { Id = id, Role = AccountRole.User };

        var outcome = await host.Get<OwnAccount>().ChangePasswordAsync(maria, AccountsHost.Password, next, None);

        Assert.Equal(accepted, outcome is AccountOutcome.Done);
    }

    private Task<SignInOutcome> CheckAsync(string email, string password) => host.SignIn.CheckAsync(email, password, new SignInSource("192.0.2.1"), None);
}
