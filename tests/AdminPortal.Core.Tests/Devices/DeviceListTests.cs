using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Data.Sync;
using AdminPortal.Data.Users;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>The list of devices: who sees what, and that searching, filtering, sorting and turning pages lose nothing.</summary>
public sealed class DeviceListTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly Actor Admin = new("a", "Admin", AccountRole.Admin, null, null);
    private static readonly Actor Support = new("s", "Support", AccountRole.Support, null, null);
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TestDatabase database = null!;
    private DeviceDatabases targets = null!;
    private DeviceList list = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CreateDeviceDatabaseAsync(Token);
        var options = new PortalOptions();
        options.Targets["main"] = new TargetOptions { ConnectionString = database.RuntimeConnectionString };
        targets = new DeviceDatabases(Options.Create(options));
        list = new DeviceList(targets);
        await SeedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await targets.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("anna lim", "a1", "a2", "a3")]
    [InlineData("BEN@", "b1", "b2")]
    [InlineData("dev-a1", "a1")]
    [InlineData("tablet 100%", "b1")]
    [InlineData("100%", "b1")]
    [InlineData("der_sco", "b2")]
    [InlineData("derXsco")]
    [InlineData(@"ack\sl", "a3")]
    [InlineData("192.0.2.7", "b1")]
    [InlineData("100|192")]
    [InlineData("an", "a1", "a2", "a3")]
    [InlineData("DEV-B", "b1", "b2")]
    [InlineData("%%%")]
    [InlineData("__")]
    [InlineData("  ward  ", "b1")]
    [InlineData("' OR 1=1 --")]
    public async Task ListAsync_Search_FindsThatTextAndNothingElse(string search, params string[] expected) =>
        Assert.Equal(expected, (await IdsAsync(Admin, new DeviceQuery(new DeviceFilter(search)))).Order());

    [Theory]
    [InlineData(DeviceStanding.Active, "a1", "b1")]
    [InlineData(DeviceStanding.Expired, "a2")]
    [InlineData(DeviceStanding.Quarantined, "a3")]
    [InlineData(DeviceStanding.Revoked, "b2")]
    public async Task ListAsync_State_FiltersAndNamesIt(DeviceStanding state, params string[] expected)
    {
        var page = await list.ListAsync(Admin, new DeviceQuery(new DeviceFilter(State: state)), Token);

        Assert.Equal(expected, page.Rows.Select(r => r.Id).Order());
        Assert.All(page.Rows, row => Assert.Equal(state.ToString(), row.Status.ToString()));
    }

    public static TheoryData<DeviceFilter, string[]> Filters => new()
    {
        { new DeviceFilter(State: DeviceStanding.Expiring), ["b1"] },
        { new DeviceFilter(Scope: PermissionScope.WriteNotes), ["a1"] },
        { new DeviceFilter(Scope: PermissionScope.ViewTranscript), [] }, // it ended
        { new DeviceFilter(Seen: new Age(7, false)), ["b1"] },
        { new DeviceFilter(Seen: new Age(7, true)), ["a1", "a2", "a3", "b2"] },
        { new DeviceFilter(Paired: new Age(1, false)), ["b1"] },
        { new DeviceFilter(Paired: new Age(1, true)), ["a1", "a2", "a3", "b2"] },
        { new DeviceFilter(Platform: "IOS"), ["a1"] },
        { new DeviceFilter(AppVersion: "2.4"), ["a1"] },
        { new DeviceFilter(AppVersion: "2.4.1"), ["a1"] },
        { new DeviceFilter(AppVersion: "4.1"), [] },
        { new DeviceFilter(User: "ben"), ["b1", "b2"] },
        { new DeviceFilter(AppVersion: "2%1"), [] },
        { new DeviceFilter(Platform: "android"), [] }, // registered by the one who had the device before
        { new DeviceFilter("anna", Platform: "ios", AppVersion: "2", Scope: PermissionScope.WriteNotes, Type: DeviceType.MobileIos), ["a1"] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListAsync_Filter_FindsThatAndNothingElse_AndItsExportAndSelectionToo(DeviceFilter filter, string[] expected)
    {
        await AddFactsAsync();

        Assert.Equal(expected, (await IdsAsync(Admin, new DeviceQuery(filter))).Order());
        Assert.Equal(expected, (await IdsAsync(Admin, new DeviceQuery(filter, DeviceSort.Paired))).Order());
        Assert.Equal(expected, await list.StreamAsync(Admin, filter, Token).Select(row => row.Id).ToListAsync(Token));
        await using var db = Contexts.Device(targets.PrimaryDataSource);
        Assert.Equal(expected, await (await DeviceList.MatchingAsync(db, Admin, filter, Token)).Select(p => p.Id).Order().ToListAsync(Token));
    }

    [Fact]
    public async Task ListAsync_Row_TellsAddressAndAppOfItsOwnerOnly()
    {
        await AddFactsAsync();

        var rows = (await list.ListAsync(Admin, new DeviceQuery(), Token)).Rows.ToDictionary(r => r.Id);

        Assert.Equal(("ios", "2.4.1"), (rows["a1"].Platform, rows["a1"].AppVersion));
        Assert.Equal("192.0.2.77", rows["b1"].Address);
        Assert.Null(rows["b2"].Platform);
    }

    [Fact]
    public async Task StreamAsync_OfOthers_HasNothing() =>
        Assert.Empty(await list.StreamAsync(new Actor("u", "Not linked", AccountRole.User, null, null), DeviceFilter.None, Token).ToListAsync(Token));

    [Fact]
    public async Task ListAsync_TypeAndSearchAndState_HoldTogether()
    {
        Assert.Equal(["a1"], await IdsAsync(Admin, new DeviceQuery(new DeviceFilter("anna", DeviceStanding.Active, DeviceType.MobileIos))));
        Assert.Empty(await IdsAsync(Admin, new DeviceQuery(new DeviceFilter("ben", DeviceStanding.Active, DeviceType.MobileIos))));
    }

    [Fact]
    public async Task ListAsync_ByRole_ShowsWhatTheActorMaySee()
    {
        Assert.Equal(5, (await IdsAsync(Support, new DeviceQuery())).Count);
        Assert.Equal(["b1", "b2"], (await IdsAsync(new Actor("u", "Ben", AccountRole.User, "ben", null), new DeviceQuery())).Order());
        Assert.Empty(await IdsAsync(new Actor("u", "Ben", AccountRole.User, "ben", null), new DeviceQuery(new DeviceFilter("anna"))));
        Assert.Empty(await IdsAsync(new Actor("u", "Not linked", AccountRole.User, null, null), new DeviceQuery()));
    }

    [Fact]
    public async Task OfUserAsync_OfAnotherPerson_IsEmpty()
    {
        Assert.Empty(await list.OfUserAsync(new Actor("u", "Ben", AccountRole.User, "ben", null), "anna", Token));
        Assert.Equal("a1", (await list.OfUserAsync(Support, "anna", Token))[0].Id);
    }

    [Fact]
    public async Task ListAsync_Row_CountsOnlyScopesInForce() =>
        Assert.Equal(1, (await list.ListAsync(Admin, new DeviceQuery(new DeviceFilter("dev-a1")), Token)).Rows.Single().ScopesInForce);

    [Theory]
    [InlineData(DeviceSort.LastSeen, true)]
    [InlineData(DeviceSort.LastSeen, false)]
    [InlineData(DeviceSort.Name, false)]
    [InlineData(DeviceSort.Name, true)]
    [InlineData(DeviceSort.User, false)]
    [InlineData(DeviceSort.Paired, true)]
    [InlineData(DeviceSort.Expires, false)]
    [InlineData(DeviceSort.Type, false)]
    [InlineData(DeviceSort.Type, true)]
    [InlineData(DeviceSort.Status, false)]
    [InlineData(DeviceSort.Status, true)]
    [InlineData(DeviceSort.Address, false)]
    [InlineData(DeviceSort.AppVersion, false)]
    [InlineData(DeviceSort.AppVersion, true)]
    [InlineData(DeviceSort.Platform, true)]
    [InlineData(DeviceSort.Scopes, false)]
    [InlineData(DeviceSort.Scopes, true)]
    public async Task ListAsync_PageByPage_ShowsEveryRowOnceInOneOrder_ThereAndBack(DeviceSort sort, bool descending)
    {
        await AddManyAsync(40); // with equal names and times among them
        var all = await IdsAsync(Admin, new DeviceQuery(Sort: sort, Descending: descending, Limit: 200));

        var pages = new List<DevicePage>();
        for (string? cursor = null; pages.Count == 0 || cursor is not null; cursor = pages[^1].NextCursor)
            pages.Add(await list.ListAsync(Admin, new DeviceQuery(Sort: sort, Descending: descending, Cursor: cursor, Limit: 7), Token));
        var back = await list.ListAsync(Admin, new DeviceQuery(Sort: sort, Descending: descending, Cursor: pages[3].PreviousCursor, Limit: 7), Token);

        Assert.Equal(45, all.Count);
        Assert.Equal(all, pages.SelectMany(p => p.Rows).Select(r => r.Id));
        Assert.Equal(pages[2].Rows.Select(r => r.Id), back.Rows.Select(r => r.Id));
        Assert.Null(pages[0].PreviousCursor);
        Assert.All(pages, page => Assert.Equal(new Tally(45), page.Matching));
    }

    [Fact]
    public async Task ListAsync_RowsComeAndGo_NextPageNeitherRepeatsNorSkips()
    {
        await AddManyAsync(20);
        var all = await IdsAsync(Admin, new DeviceQuery(Sort: DeviceSort.Paired, Limit: 200));
        var first = await list.ListAsync(Admin, new DeviceQuery(Sort: DeviceSort.Paired, Limit: 10), Token);
        await using (var db = Contexts.Device(targets.PrimaryDataSource))
        {
            db.DevicePairings.Add(Pairing("newest", "ben", "n", Start.AddYears(2)));
            await db.SaveChangesAsync(Token);
        }

        var second = await list.ListAsync(Admin, new DeviceQuery(Sort: DeviceSort.Paired, Cursor: first.NextCursor, Limit: 10), Token);

        Assert.Equal(all.Skip(10).Take(10), second.Rows.Select(r => r.Id));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("!!!")]
    [InlineData("e30")]
    [InlineData("bnVsbA")]
    [InlineData("eyJTb3J0IjoibGFzdFNlZW4iLCJEZXNjZW5kaW5nIjp0cnVlLCJLZXkiOiJ4IiwiSWQiOiJcdTAwMDAiLCJCYWNrd2FyZHMiOmZhbHNlfQ")] // an id of the character zero
    [InlineData("eyJTb3J0IjoibmFtZSIsIkRlc2NlbmRpbmciOnRydWUsIktleSI6IngiLCJJZCI6IngiLCJCYWNrd2FyZHMiOmZhbHNlfQ")] // of another sort
    public async Task ListAsync_CursorThatIsNone_StartsAtTheBeginning(string cursor) =>
        Assert.Equal(5, (await IdsAsync(Admin, new DeviceQuery(Cursor: cursor))).Count);

    private async Task<List<string>> IdsAsync(Actor actor, DeviceQuery query) => [.. (await list.ListAsync(actor, query, Token)).Rows.Select(r => r.Id)];

    [Theory]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    public async Task ListAsync_CursorWithATimeThatIsNone_StillAnswers(string ticks) =>
        Assert.InRange((await IdsAsync(Admin, new DeviceQuery(Cursor: new ListCursor("lastSeen", true, ticks, "x", false).ToString()))).Count, 0, 5);

    private async Task AddFactsAsync()
    {
        await using var db = Contexts.Device(targets.PrimaryDataSource);
        await db.DevicePairings.Where(p => p.Id == "b1").ExecuteUpdateAsync(
            set => set.SetProperty(p => p.LastSeenAt, _ => DatabaseClock.UtcNow().AddDays(-6)).SetProperty(p => p.CreatedAt, _ => DatabaseClock.UtcNow())
                .SetProperty(p => p.ExpiresAt, _ => DatabaseClock.UtcNow().AddDays(6)),
            Token);
        db.Devices.Add(new SyncDevice { Id = "s1", UserId = "anna", DeviceId = "dev-a1", Platform = "ios", AppVersion = "2.4.1", UpdatedAt = Start });
        db.Devices.Add(new SyncDevice { Id = "s2", UserId = "anna", DeviceId = "dev-b2", Platform = "android", AppVersion = "7.0", UpdatedAt = Start });
        await db.SaveChangesAsync(Token);
    }

    private async Task SeedAsync()
    {
        await using var db = Contexts.Device(targets.PrimaryDataSource);
        db.Users.Add(new AppUser { Id = "anna", Email = "anna@example.org", Name = "Anna Lim", UpdatedAt = Start });
        db.Users.Add(new AppUser { Id = "ben", Email = "ben@example.org", UpdatedAt = Start });
        db.DevicePairings.AddRange(
            Pairing("a1", "anna", "Phone", Start.AddHours(1), DeviceType.MobileIos),
            Pairing("a2", "anna", null, Start.AddHours(2), expires: Start),
            Pairing("a3", "anna", @"back\slash", Start.AddHours(3), active: false),
            Pairing("b1", "ben", "Ward tablet 100%", Start.AddHours(4), DeviceType.Tablet, address: "192.0.2.77"),
            Pairing("b2", "ben", "under_score", Start.AddHours(5), active: false));
        db.DeviceStates.Add(new DeviceState { PairingId = "a3", Reason = "lost" });
        db.DevicePermissions.Add(Permission("a1", PermissionScope.WriteNotes, null));
        db.DevicePermissions.Add(Permission("a1", PermissionScope.ViewTranscript, Start));
        await db.SaveChangesAsync(Token);
    }

    private async Task AddManyAsync(int count)
    {
        await using var db = Contexts.Device(targets.PrimaryDataSource);
        db.DevicePairings.AddRange(Enumerable.Range(0, count).Select(i =>
            Pairing($"m{i:00}", i % 2 == 0 ? "anna" : "ben", i % 3 == 0 ? null : $"Device {i % 5}", Start.AddDays(i / 4), expires: Start.AddYears(90 + (i % 3)))));
        await db.SaveChangesAsync(Token);
    }

    private static DevicePairing Pairing(
        string id, string userId, string? name, DateTime at, DeviceType type = DeviceType.Desktop, DateTime? expires = null, bool active = true, string? address = null) => new()
        {
            Id = id,
            UserId = userId,
            DeviceId = $"dev-{id}",
            DeviceType = type,
            DeviceName = name,
            SessionToken = $"sha256:{id}",
            ExpiresAt = expires ?? Start.AddYears(100),
            IpAddress = address,
            IsActive = active,
            LastSeenAt = at,
            CreatedAt = at,
            UpdatedAt = at,
        };

    private static DevicePermission Permission(string pairingId, PermissionScope scope, DateTime? expires) =>
        new() { Id = Ids.New(), DevicePairingId = pairingId, Permission = scope, GrantedAt = Start, ExpiresAt = expires, CreatedAt = Start, UpdatedAt = Start };
}
