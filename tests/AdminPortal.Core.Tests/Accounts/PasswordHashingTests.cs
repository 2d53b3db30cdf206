using AdminPortal.Core.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>A hash takes long on purpose. Nobody else waits for it.</summary>
public sealed class PasswordHashingTests(PostgresCluster cluster)
{
    private const int SlowRounds = 4_000_000; // some seconds
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_WhileAPasswordIsHashed_HoldsNeitherConnectionNorRow()
    {
        await using var host = await AccountsHost.StartAsync(cluster, None, connections: 1, rounds: SlowRounds);
        var admin = host.Admin.Id;

        var signIn = Task.Run(() => host.SignIn.CheckAsync("admin@example.org", "wrong", new SignInSource("192.0.2.1"), None), None);
        await Task.Delay(TimeSpan.FromMilliseconds(300), None);
        await host.RowAsync(admin);
        await host.Accounts.ChangeRoleAsync(admin, AccountRole.Admin, host.Admin with { Id = "another" }, None);

        Assert.False(signIn.IsCompleted, "The hash was over before the others had been served.");
        Assert.IsType<SignInOutcome.Wrong>(await signIn);
    }

    [Fact]
    public async Task Reset_WhileTheNewPasswordIsHashed_HoldsNoConnection()
    {
        await using var host = await AccountsHost.StartAsync(cluster, None, connections: 1, rounds: SlowRounds);
        host.Get<IDataProtectionProvider>().CreateProtector("test").Protect("read the keys"); // on the one connection, before it is needed
        var id = ((AccountOutcome.Done)await host.Accounts.CreateAsync(new CreateAccount("eva@example.org", AccountRole.User), host.Admin, None)).AccountId;
        var link = ((AccountOutcome.Done)await host.Accounts.CreateResetLinkAsync(id, host.Admin, None)).Link!;
        var token = QueryHelpers.ParseQuery(new Uri(link.Url).Query)["token"].ToString();

        var reset = Task.Run(() => host.Get<OwnAccount>().ResetPasswordAsync(id, token, "four unrelated words", null, None), None);
        await Task.Delay(TimeSpan.FromMilliseconds(300), None);
        await host.RowAsync(id);

        Assert.False(reset.IsCompleted, "The hash was over before the others had been served.");
        Assert.IsType<AccountOutcome.Done>(await reset);
        Assert.IsType<AccountOutcome.LinkDead>(await host.Get<OwnAccount>().ResetPasswordAsync(id, token, "five unrelated words", null, None));
    }

    [Fact]
    public async Task Enter_ManyAtOnce_AreBoundedByCores()
    {
        using var hashing = new PasswordHashing(Options.Create(new PasswordHasherOptions()));
        var turns = new List<IDisposable?>();
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount - 1); i++)
        {
            turns.Add(await hashing.EnterAsync(None));
        }

        var next = hashing.EnterAsync(None);

        Assert.All(turns, Assert.NotNull);
        Assert.False(next.IsCompleted);
        turns[0]!.Dispose();
        Assert.NotNull(await next);
    }
}
