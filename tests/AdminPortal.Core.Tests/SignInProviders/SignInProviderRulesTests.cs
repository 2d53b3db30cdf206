using AdminPortal.Core.Accounts;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Tests.SignInProviders;

public sealed class SignInProviderRulesTests
{
    private const string Secret = "not to be repeated";

    [Fact]
    public void Faults_OfRightSettings_AreNone() => Assert.Empty(Faults("clinic-1", _ => { }));

    [Theory]
    [InlineData("Clinic")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Faults_OfANameThatIsNoPartOfAnAddress_NameIt(string name) => Assert.Contains("the name of a provider", Assert.Single(Faults(name, _ => { })), StringComparison.Ordinal);

    [Theory]
    [InlineData("", ":Authority must be")]
    [InlineData("sso.example.org", ":Authority must be")]
    [InlineData("http://sso.example.org", "begin with https")]
    public void Faults_OfAnAddress_SaySo(string authority, string words) =>
        Assert.Contains(words, Assert.Single(Faults("clinic", p => p.Authority = authority)), StringComparison.Ordinal);

    [Fact]
    public void Faults_OfEverythingElse_NameTheKeyAndNoSecret()
    {
        var faults = Faults("clinic", p =>
        {
            (p.ClientId, p.Scopes, p.ClockSkewSeconds, p.CreateAccounts) = ("", "email", 601, true);
            p.ClientSecretFile = "/not/there";
            p.Roles.Clear();
        });

        Assert.All(
            [":ClientId is missing", ":ClientSecretFile names", "keep one", ":Scopes must", ":CreateAccounts needs", ":ClockSkewSeconds must"],
            words => Assert.Contains(faults, fault => fault.StartsWith("SignIn:Providers:clinic", StringComparison.Ordinal) && fault.Contains(words, StringComparison.Ordinal)));
        Assert.DoesNotContain(faults, fault => fault.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_PasswordsOffWithNobodyToSignIn_SaysWhatIsMissing()
    {
        var faults = new SignInOptionsValidator().Validate(null, new SignInOptions { Passwords = false }).Failures!.ToList();

        Assert.Contains(faults, fault => fault.Contains("no provider", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("SignIn:BreakGlass names no account", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadSecret_OfAFile_IsItsText()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"{Secret}\n", TestContext.Current.CancellationToken);
            Assert.Equal(Secret, new SignInProviderOptions { ClientSecretFile = file }.ReadSecret());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<string> Faults(string name, Action<SignInProviderOptions> change)
    {
        var provider = new SignInProviderOptions
        {
            Authority = "https://sso.example.org",
            ClientId = "portal",
            ClientSecret = Secret,
            Roles = { ["*"] = AccountRole.User },
        };
        change(provider);
        return [.. SignInProviderRules.Faults(name, provider)];
    }
}
