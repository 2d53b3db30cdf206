using AdminPortal.Core.Accounts;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Users;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

public sealed class AccountServiceTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;

    public async ValueTask InitializeAsync() => host = await AccountsHost.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Create_TakenEmailInOtherCase_IsRefused() =>
        Assert.IsType<AccountOutcome.EmailTaken>(
            await host.Accounts.CreateAsync(new CreateAccount("ADMIN@example.org", AccountRole.User, AccountsHost.Password), host.Admin, None));

    [Fact]
    public async Task Create_WithoutPassword_AnswersALinkThatWorksOnce()
    {
        var done = Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateAsync(new CreateAccount("new@example.org", AccountRole.User), host.Admin, None));
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(done.Link!.Url).Query);
        var own = host.Get<OwnAccount>();

        Assert.IsType<AccountOutcome.PasswordRefused>(await own.ResetPasswordAsync(query["account"]!, query["token"]!, "short", null, None));
        Assert.IsType<AccountOutcome.Done>(await own.ResetPasswordAsync(query["account"]!, query["token"]!, "four unrelated words", null, None));
        Assert.IsType<AccountOutcome.LinkDead>(await own.ResetPasswordAsync(query["account"]!, query["token"]!, "other unrelated words", null, None));
        Assert.IsType<SignInOutcome.SignedIn>(await host.SignIn.CheckAsync("new@example.org", "four unrelated words", new SignInSource(null), None));
    }

    [Fact]
    public async Task Create_UnknownOrTakenUser_IsRefused()
    {
        await host.CreateAsync("linked@example.org", AccountRole.User, "u1");

        Assert.IsType<AccountOutcome.UserUnknown>(
            await host.Accounts.CreateAsync(new CreateAccount("a@example.org", AccountRole.User, AccountsHost.Password, "nobody"), host.Admin, None));
        Assert.IsType<AccountOutcome.UserTaken>(
            await host.Accounts.CreateAsync(new CreateAccount("b@example.org", AccountRole.User, AccountsHost.Password, "u1"), host.Admin, None));
    }

    [Fact]
    public async Task PeopleByEmail_AnySpelling_FindsAllOfTheAddress()
    {
        await host.CreateAsync("zoe@example.org", AccountRole.User, "u1");
        await using (var db = host.Get<DeviceDatabases>().CreateDbContext())
        {
            db.Users.Add(new AppUser { Id = "u2", Email = "Zoe@Example.org", Name = "Zoë", UpdatedAt = TimeProvider.System.GetUtcNow().UtcDateTime });
            db.Users.Add(new AppUser { Id = "u3", Email = "kim@xn--bcher-kva.example", UpdatedAt = TimeProvider.System.GetUtcNow().UtcDateTime });
            await db.SaveChangesAsync(None);
        }

        var people = host.Get<PeopleByEmail>();

        Assert.Equal([new PersonFound("u1", null), new PersonFound("u2", "Zoë")], await people.FindAsync(" ZOE@example.org ", None));
        Assert.Equal(["u3"], (await people.FindAsync("Kim@bücher.example", None))!.Select(p => p.Id));
        Assert.Empty((await people.FindAsync("zo_@example.org", None))!);
    }

    [Fact]
    public async Task Acts_ByANonAdmin_AreRefused()
    {
        var support = host.Admin with { Role = AccountRole.Support };
        var id = await host.CreateAsync("someone@example.org", AccountRole.User);

        Assert.IsType<AccountOutcome.NotAllowed>(await host.Accounts.CreateAsync(new CreateAccount("x@example.org", AccountRole.Admin), support, None));
        Assert.IsType<AccountOutcome.NotAllowed>(await host.Accounts.DisableAsync(id, support, None));
        Assert.IsType<AccountOutcome.NotAllowed>(await host.Accounts.ChangeRoleAsync(id, AccountRole.Admin, support, None));
        Assert.IsType<AccountOutcome.NotAllowed>(await host.Accounts.CreateResetLinkAsync(id, support, None));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => host.Get<AccountDirectory>().ListAsync(support, null, 0, 10, None));
    }

    [Fact]
    public async Task DisableAndDemote_OneselfOrTheLastAdmin_IsRefused()
    {
        var other = host.Admin with { Id = "someone-else" };

        Assert.IsType<AccountOutcome.Oneself>(await host.Accounts.DisableAsync(host.Admin.Id, host.Admin, None));
        Assert.IsType<AccountOutcome.Oneself>(await host.Accounts.ChangeRoleAsync(host.Admin.Id, AccountRole.User, host.Admin, None));
        Assert.IsType<AccountOutcome.LastAdmin>(await host.Accounts.DisableAsync(host.Admin.Id, other, None));
        Assert.IsType<AccountOutcome.LastAdmin>(await host.Accounts.ChangeRoleAsync(host.Admin.Id, AccountRole.Support, other, None));
    }

    [Fact]
    public async Task Disable_TwoAdminsEachOtherAtOnce_LeavesOne()
    {
        var second = host.Admin with { Id = await host.CreateAsync("second@example.org", AccountRole.Admin) };

        var outcomes = await Task.WhenAll(
            host.Accounts.DisableAsync(second.Id, host.Admin, None), host.Accounts.DisableAsync(host.Admin.Id, second, None));

        Assert.Single(outcomes, o => o is AccountOutcome.Done);
        Assert.Single(outcomes, o => o is AccountOutcome.LastAdmin);
    }

    [Fact]
    public async Task Disable_WhileTheManagedDatabaseIsAway_EndsTheDevicesLater()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        host.Devices.Away = true;

        Assert.True(Assert.IsType<AccountOutcome.Done>(await host.Accounts.DisableAsync(id, host.Admin, None)).DevicesPending);
        Assert.NotNull((await host.RowAsync(id)).DevicesToEndSince);
        await host.Get<AccountDeviceEndings>().EndPendingAsync(None);
        Assert.Empty(host.Devices.Ended);

        host.Devices.Away = false;
        await host.Get<AccountDeviceEndings>().EndPendingAsync(None);
        Assert.Equal(["u1"], host.Devices.Ended);
        Assert.Null((await host.RowAsync(id)).DevicesToEndSince);
        Assert.Equal(["account.created", "account.disabled", "account.devices-ended"], await host.ActionsAsync(id));
    }

    [Fact]
    public async Task FirstAdmin_WhenThereIsOne_DoesNothing() =>
        Assert.IsType<FirstAdminOutcome.Exists>(await host.Get<FirstAdmin>().EnsureAsync("x@example.org", null, None));

    [Fact]
    public async Task List_Search_FindsPartsOfTheAddress()
    {
        await host.CreateAsync("maria@clinic.example", AccountRole.User);

        var found = await host.Get<AccountDirectory>().ListAsync(host.Admin, "CLINIC", 0, 10, None);

        Assert.Equal((1, "maria@clinic.example"), (found.Total, Assert.Single(found.Rows).Email));
    }
}
