using System.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Search;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Search;

/// <summary>What people type on the telephone finds what they mean: in the search box, and in the lists of devices, users and sync.</summary>
public sealed class PortalSearchTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Seed = """
        INSERT INTO public.users (id, email, name, "updatedAt") VALUES
            ('maier', 'margarete@example.org', 'Margarete Maier', now()), ('mueller', 'jm@example.org', 'Jürgen Müller', now()),
            ('isil', 'ii@example.org', 'Işıl İnce', now()), ('yamada', 'ty@example.org', '山田太郎', now()), ('kim', 'ms@example.org', '김민수', now()),
            ('herr', 'h@example.org', 'Thomas Herr', now());
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "updatedAt") VALUES
            ('m-kitchen', 'maier', 'd1', 'TABLET', 'Kitchen tablet', '1', '2999-01-01', now()), ('m-phone', 'maier', 'd2', 'MOBILE_IOS', NULL, '2', '2999-01-01', now()),
            ('j-phone', 'mueller', 'd3', 'MOBILE_ANDROID', 'Straße', '3', '2999-01-01', now()), ('j-tablet', 'mueller', 'd4', 'TABLET', NULL, '4', '2999-01-01', now()),
            ('y-desk', 'yamada', 'd5', 'DESKTOP', '受付デスク', '5', '2999-01-01', now()), ('i-phone', 'isil', 'd6', 'MOBILE_IOS', NULL, '6', '2999-01-01', now());
        INSERT INTO public.devices (id, "userId", "deviceId", platform, "appVersion", "updatedAt") VALUES
            ('1', 'maier', 'd1', 'android', '1', now()), ('2', 'maier', 'd2', 'ios', '1', now()), ('4', 'mueller', 'd4', 'android', '1', now()), ('7', 'kim', 'unpaired', 'ios', '1', now());
        """;

    private static readonly Actor Support = new("s", "Support", AccountRole.Support, null, null);
    private static readonly Actor Maier = new("m", "Margarete", AccountRole.User, "maier", null);
    private TestDatabase database = null!;
    private DeviceDatabases targets = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CreateDeviceDatabaseAsync(Token);
        await Sql.ExecuteAsync(database.OwnerConnectionString, Seed);
        var options = new PortalOptions();
        options.Targets["main"] = new TargetOptions { ConnectionString = database.RuntimeConnectionString };
        targets = new DeviceDatabases(Options.Create(options));
    }

    public async ValueTask DisposeAsync()
    {
        await targets.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Person_Found_HasTheirDevicesWithTheirSync_AndThoseStandNowhereElse()
    {
        var found = (await Search.FindAsync(Support, "maier iphone", Token)).Hits;

        var person = Assert.IsType<SearchHit.User>(Assert.Single(found));
        Assert.Equal(["m-phone", "m-kitchen"], person.Devices.Select(d => d.Id)); // what matches first
        Assert.All(person.Devices, device => Assert.Equal(SyncVerdict.NeverSynced, device.Sync!.Verdict));
    }

    [Fact]
    public async Task Person_WithAQuarantinedDevice_HasItFirst()
    {
        await Sql.ExecuteAsync(database.OwnerConnectionString, """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt") VALUES ('i-new', 'isil', 'd7', 'TABLET', '7', '2999-01-01', now());
            UPDATE public.device_pairings SET "isActive" = false WHERE id = 'i-phone';
            INSERT INTO portal.device_state ("pairingId", reason) VALUES ('i-phone', 'Lost');
            """);

        var found = (await Search.FindAsync(Support, "isil", Token)).Hits;

        Assert.Equal(["i-phone", "i-new"], Assert.IsType<SearchHit.User>(Assert.Single(found)).Devices.Select(d => d.Id));
    }

    [Theory]
    [InlineData("Frau Maier tablet", "m-kitchen")]
    [InlineData("tablet maier", "m-kitchen")]
    [InlineData("Maier iPhone", "m-phone")]
    [InlineData("kitchen margarete maier", "m-kitchen")]
    [InlineData("maier müller")]
    [InlineData("MULLER", "j-phone", "j-tablet")]
    [InlineData("müller tablet", "j-tablet")]
    [InlineData("Dr. Müller", "j-phone", "j-tablet")]
    [InlineData("strasse", "j-phone")]
    [InlineData("STRASSE müller", "j-phone")]
    [InlineData("isil", "i-phone")]
    [InlineData("IŞIL ince", "i-phone")]
    [InlineData("山田", "y-desk")]
    [InlineData("太郎 受付", "y-desk")]
    [InlineData("郎太")]
    [InlineData("d4", "j-tablet")]
    [InlineData("mü ju", "j-phone", "j-tablet")]
    [InlineData("desktop", "y-desk")]
    public async Task Devices_ByWordsInAnyOrder_AreTheseInEitherFormOfUnicode(string text, params string[] expected)
    {
        var list = new DeviceList(targets);
        foreach (var form in new[] { NormalizationForm.FormC, NormalizationForm.FormD })
        {
            var page = await list.ListAsync(Support, new DeviceQuery(new DeviceFilter(text.Normalize(form))), Token);
            Assert.Equal(expected, page.Rows.Select(r => r.Id).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Devices_StoredWithAccentsApart_AreFoundByThoseInOne()
    {
        await Sql.ExecuteAsync(database.OwnerConnectionString, $"UPDATE public.users SET name = '{"Jürgen Müller".Normalize(NormalizationForm.FormD)}' WHERE id = 'mueller'");

        Assert.Equal(2, (await new DeviceList(targets).ListAsync(Support, new DeviceQuery(new DeviceFilter("müller")), Token)).Rows.Count);
    }

    [Theory]
    [InlineData("Frau Maier", "maier")]
    [InlineData("maier tablet", "maier")]
    [InlineData("maier margarete kitchen", "maier")]
    [InlineData("müller kitchen")]
    [InlineData("山田", "yamada")]
    [InlineData("김민", "kim")]
    [InlineData("herr", "herr")]
    [InlineData("tablet")]
    public async Task Users_ByTheirOwnWordsAndThoseOfTheirDevices_AreThese(string text, params string[] expected) =>
        Assert.Equal(expected, (await new UserList(targets).ListAsync(Support, new UserQuery(new UserFilter(text)), Token)).Rows.Select(r => r.Id));

    [Theory]
    [InlineData("Frau Maier tablet", "d1")]
    [InlineData("muller", "d4")]
    [InlineData("김민", "unpaired")]
    [InlineData("unpaired", "unpaired")]
    public async Task SyncStatus_ByWords_IsOfThese(string text, params string[] expected) =>
        Assert.Equal(expected, (await new SyncStatusList(targets).ListAsync(Support, new SyncStatusQuery(text), Token)).Rows.Select(r => r.DeviceId).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("kitchn", "kitchen", "m-kitchen")]
    [InlineData("maire tablet", "maier tablet", "maier")]
    [InlineData("xylophone", null)]
    [InlineData("maier müller", null)]
    public async Task Find_NothingMatches_OffersWhatIsNear(string text, string? instead, params string[] expected)
    {
        var found = await Search.FindAsync(Support, text, Token);

        Assert.Equal((instead, string.Join(' ', expected)), (found.Instead, string.Join(' ', found.Hits.Select(h => h.Id))));
    }

    [Fact]
    public async Task Find_ByAUser_SearchesTheirOwnDevicesAlone()
    {
        Assert.Equal("m-kitchen", Assert.Single((await Search.FindAsync(Maier, "tablet", Token)).Hits).Id);
        Assert.Equal("kitchen", (await Search.FindAsync(Maier, "kitchn", Token)).Instead);
        var others = await Search.FindAsync(Maier, "Müler", Token);
        Assert.True(others is { Hits.Count: 0, Instead: null });
    }

    private PortalSearch Search => new(new UserList(targets), new DeviceList(targets), new SyncStatusList(targets), new NearWords(targets));
}
