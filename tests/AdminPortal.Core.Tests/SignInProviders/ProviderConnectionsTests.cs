using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Tests.Accounts;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.SignInProviders;

/// <summary>Which account a person of a provider is, and with which role.</summary>
public sealed class ProviderConnectionsTests(PostgresCluster cluster) : IAsyncLifetime
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
    public async Task SignIn_LinkedBySubject_IsLetInOnceAnAdminHasConnected()
    {
        Use(new SignInProviderOptions { LinkBy = AccountLinking.Subject });
        Assert.Equal(ProviderRefusal.NotConnected, Assert.IsType<ProviderSignInOutcome.Refused>(await SignInAsync(Email)).Why);

        Assert.IsType<AccountOutcome.Done>(await Connections.ConnectAsync(id, "clinic", "4711", Actor.CommandLine, None));

        Assert.Equal(id, Assert.IsType<ProviderSignInOutcome.SignedIn>(await SignInAsync(Email)).AccountId);
    }

    [Fact]
    public async Task Connect_UnknownProviderOrTakenSubjectOrNoAdmin_IsRefused()
    {
        Use(new SignInProviderOptions());
        var other = await host.CreateAsync("other@example.org", AccountRole.User);
        await Connections.ConnectAsync(id, "clinic", "4711", host.Admin, None);

        Assert.IsType<AccountOutcome.ProviderUnknown>(await Connections.ConnectAsync(id, "nobody", "1", host.Admin, None));
        Assert.IsType<AccountOutcome.ConnectedElsewhere>(await Connections.ConnectAsync(other, "clinic", "4711", host.Admin, None));
        Assert.IsType<AccountOutcome.NotAllowed>(await Connections.ConnectAsync(id, "clinic", "2", await host.SignInAsync(other), None));
        Assert.Empty(await Connections.ListAsync(await host.SignInAsync(other), id, None));
    }

    [Fact]
    public async Task Disconnect_EndsTheSessionsAndTheConnection()
    {
        Use(new SignInProviderOptions { LinkBy = AccountLinking.Subject });
        await Connections.ConnectAsync(id, "clinic", "4711", host.Admin, None);
        var actor = await host.SignInAsync(id);

        Assert.IsType<AccountOutcome.Done>(await Connections.DisconnectAsync(id, Assert.Single(await Connections.ListAsync(host.Admin, id, None)), host.Admin, None));

        Assert.Empty(await host.Get<AccountSessions>().ListAsync(actor, None));
        Assert.IsType<ProviderSignInOutcome.Refused>(await SignInAsync(Email));
        Assert.Contains("account.disconnected", await host.ActionsAsync(id));
    }

    [Fact]
    public async Task SignIn_OfTheLastAdminWithALesserRole_KeepsTheRoleUntilThereIsAnother()
    {
        Use(new SignInProviderOptions { Roles = { ["*"] = AccountRole.User } });
        Assert.IsType<ProviderSignInOutcome.SignedIn>(await SignInAsync("admin@example.org"));
        Assert.Equal(AccountRole.Admin, (await host.RowAsync(host.Admin.Id)).Role);
        Assert.Contains("account.role-kept", await host.ActionsAsync(host.Admin.Id));

        await host.CreateAsync("second@example.org", AccountRole.Admin);

        Assert.IsType<ProviderSignInOutcome.SignedIn>(await SignInAsync("admin@example.org"));
        Assert.Contains("account.role-changed", await host.ActionsAsync(host.Admin.Id));
    }

    private ProviderConnections Connections => host.Get<ProviderConnections>();

    private void Use(SignInProviderOptions provider) => host.Get<IOptions<SignInOptions>>().Value.Providers["clinic"] = provider;

    private Task<ProviderSignInOutcome> SignInAsync(string email) => host.Get<ProviderSignIn>().CheckAsync(
        new ProviderIdentity("clinic", "https://sso.example.org", "4711", email, true, [], [], null, null), null, None);
}
