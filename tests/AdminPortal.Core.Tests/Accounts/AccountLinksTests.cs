using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>What becomes of an account when the host changes, removes or re-creates the person whom it stands for.</summary>
public sealed class AccountLinksTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private AccountsHost host = null!;

    public async ValueTask InitializeAsync() => host = await AccountsHost.StartAsync(cluster, None, realDevices: true);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("UPDATE public.users SET id = 'renamed' WHERE id = 'u1'", "nobody has the id u1 any more")]
    [InlineData("DELETE FROM public.users WHERE id = 'u1'", "nobody has the id u1 any more")]
    [InlineData("DELETE FROM public.users WHERE id = 'u1'; INSERT INTO public.users (id, email, \"createdAt\", \"updatedAt\") VALUES ('u1', 'linked@example.org', now() + interval '1 s', now())", "the id u1 is another person's now")]
    public async Task Pairing_AfterTheHostChangedThePerson_IsRefusedAndTheLinkIsShownAsLost(string change, string words)
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        var actor = await host.SignInAsync(id);
        Assert.IsType<CreateCodeOutcome.Created>(await CodeAsync(actor));
        await ExecuteAsync(change);

        Assert.Equal(words, Assert.Single(await host.Get<AccountLinks>().LostAsync(None)).Words); // verification, which changes nothing
        Assert.IsType<CreateCodeOutcome.NotLinked>(await CodeAsync(actor));

        var row = await host.RowAsync(id);
        Assert.Null(row.AppUserId);
        Assert.Equal(words, row.LostLink!.Words);
        Assert.Equal(words, Assert.Single((await host.Get<AccountDirectory>().ListAsync(host.Admin, "u1", 0, 10, None)).Rows).LostLink!.Words);
        Assert.Contains("account.link-lost", await host.ActionsAsync(id));
        await Assert.ThrowsAsync<StandingLostException>(() => CodeAsync(actor)); // and it signs in again
        Assert.Equal(words, Assert.Single(await host.Get<AccountLinks>().LostAsync(None)).Words);
    }

    [Fact]
    public async Task Disable_AfterTheIdWasRenamed_RevokesTheDevicesThatTheAccountPaired()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        await ExecuteAsync(Device("p1", "u1"));
        await ExecuteAsync("UPDATE public.users SET id = 'renamed' WHERE id = 'u1'");

        Assert.False(Assert.IsType<AccountOutcome.Done>(await host.Accounts.DisableAsync(id, host.Admin, None)).DevicesPending);

        Assert.Empty(await ActiveAsync());
    }

    [Fact]
    public async Task Disable_AfterTheIdWasGivenToAnother_LeavesTheirDevicesAlone()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        await ExecuteAsync(Device("p1", "u1"));
        await ExecuteAsync("UPDATE public.users SET id = 'renamed', email = 'old@example.org' WHERE id = 'u1'; INSERT INTO public.users (id, email, \"createdAt\", \"updatedAt\") VALUES ('u1', 'new@example.org', now() + interval '1 s', now())");
        await host.Get<AccountLinks>().CheckNextAsync("", None);
        await ExecuteAsync(Device("p2", "u1"));

        Assert.IsType<AccountOutcome.Done>(await host.Accounts.DisableAsync(id, host.Admin, None));

        Assert.Equal(["p2"], await ActiveAsync());
        var other = await host.Accounts.CreateAsync(new CreateAccount("new@example.org", AccountRole.User, AccountsHost.Password, "u1"), host.Admin, None);
        Assert.IsType<AccountOutcome.Done>(other); // the id is free for the account of the new person
    }

    [Fact]
    public async Task Disable_AfterAnAdminChangedTheLink_RevokesWhatTheAccountPairedBefore()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        await ExecuteAsync(Device("p1", "u1") + Device("p2", "u1"));
        await ExecuteAsync("INSERT INTO public.users (id, email, \"updatedAt\") VALUES ('u2', 'other@example.org', now())");
        Assert.IsType<AccountOutcome.Done>(await host.Accounts.LinkUserAsync(id, "u2", host.Admin, None));
        // Another account has the person since, and paired one of the devices again.
        Assert.IsType<AccountOutcome.Done>(await host.Accounts.CreateAsync(new CreateAccount("second@example.org", AccountRole.User, AccountsHost.Password, "u1"), host.Admin, None));
        await ExecuteAsync("""INSERT INTO portal.device_events (kind, "userId", "deviceId", "pairingId", "actorId") VALUES ('paired', 'u1', 'device-p2', 'p2', 'device')""");
        await ExecuteAsync(Device("p3", "u2"));

        Assert.IsType<AccountOutcome.Done>(await host.Accounts.DisableAsync(id, host.Admin, None));

        Assert.Equal(["p2"], await ActiveAsync());
    }

    [Fact]
    public async Task Check_OfAPersonWhoIsBack_GivesTheLinkBack()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        await ExecuteAsync("UPDATE public.users SET id = 'renamed' WHERE id = 'u1'");
        await host.Get<AccountLinks>().CheckNextAsync("", None);
        Assert.Null((await host.RowAsync(id)).AppUserId);

        await ExecuteAsync("UPDATE public.users SET id = 'u1' WHERE id = 'renamed'");
        await host.Get<AccountLinks>().CheckNextAsync("", None);

        Assert.Equal("u1", (await host.RowAsync(id)).AppUserId);
        Assert.Contains("account.link-found", await host.ActionsAsync(id));
    }

    [Fact]
    public async Task Check_OfADatabaseThatThePortalDoesNotKnow_TakesNoLink()
    {
        var id = await host.CreateAsync("linked@example.org", AccountRole.User, "u1");
        var actor = await host.SignInAsync(id);
        await host.Get<KnownTargets>().AcceptAsync(host.Admin, "main", new TargetIdentity("1", "other", "17", 170000, 0), "a test", None);
        await ExecuteAsync("DELETE FROM public.users");

        Assert.IsType<CreateCodeOutcome.NotLinked>(await CodeAsync(actor));

        Assert.Equal("u1", (await host.RowAsync(id)).AppUserId);
    }

    [Theory]
    [InlineData("1970-01-01", "a@example.org", "1970-01-01", "A@example.org", true)]
    [InlineData("1970-01-01", "a@example.org", "2026-01-01", "a@example.org", true)] // the host says since when it made people
    [InlineData("1970-01-01", "a@example.org", "1970-01-01", "b@example.org", false)]
    [InlineData("2026-01-01", "a@example.org", "2026-01-01", "b@example.org", true)]
    [InlineData("2026-01-01", "a@example.org", "2026-01-02", "a@example.org", false)]
    [InlineData("1970-01-01", "", "2026-01-02", "a@example.org", true)]
    public void IsOf_ThePersonNow_ComparesWhatWasKnownThen(string made, string email, string madeNow, string emailNow, bool same) => Assert.Equal(
        same,
        PersonFingerprint.IsOf(PersonFingerprint.Of(At(made), email), At(madeNow), emailNow));

    private static DateTime At(string day) => DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture);

    private Task<CreateCodeOutcome> CodeAsync(Actor actor) =>
        host.Get<PairingCodes>().CreateAsync(actor, new CodeRequest([new ScopeGrant(PermissionScope.WriteNotes)]), None);

    /// <summary>A device as its pairing leaves it.</summary>
    private static string Device(string id, string user) => $"""
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
        VALUES ('{id}', '{user}', 'device-{id}', 'MOBILE_IOS', 'sha256:{id}', now() + interval '1 day', now());
        INSERT INTO portal.device_events (kind, "userId", "deviceId", "pairingId", "actorId") VALUES ('paired', '{user}', 'device-{id}', '{id}', 'device');
        """;

    private Task ExecuteAsync(string sql) => Sql.ExecuteAsync(host.DeviceConnectionString, sql);

    private async Task<string[]> ActiveAsync() =>
        await Sql.ScalarAsync<string[]>(host.DeviceConnectionString, """SELECT COALESCE(array_agg(id ORDER BY id), '{}') FROM public.device_pairings WHERE "isActive" """) ?? [];
}
