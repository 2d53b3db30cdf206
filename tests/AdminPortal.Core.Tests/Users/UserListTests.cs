using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Users;

/// <summary>The list of users: who sees whom, every filter, every order, there and back.</summary>
public sealed class UserListTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Seed = """
        INSERT INTO public.users (id, email, name, "createdAt", "updatedAt", "lastSyncedAt") VALUES
            ('a', 'anna@example.org', 'Anna Lim', '2026-01-01', now(), now() AT TIME ZONE 'utc' - interval '1 hour'),
            ('b', 'ben_1@example.org', NULL, '2026-01-02', now(), now() AT TIME ZONE 'utc' - interval '30 days'),
            ('c', 'cleo@sub.example.org', 'Cléo 100%', '2026-01-02', now(), NULL),
            ('d', 'dora@example.org', 'Anna Lim', '2026-01-03', now(), NULL);
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "isActive", "updatedAt") VALUES
            ('1', 'a', '1', 'TABLET', '1', '2999-01-01', true, now()), ('2', 'a', '2', 'TABLET', '2', '2020-01-01', true, now()),
            ('3', 'b', '3', 'TABLET', '3', '2020-01-01', true, now()), ('4', 'b', '4', 'TABLET', '4', '2999-01-01', false, now());
        """;

    private static readonly Actor Support = new("s", "Support", AccountRole.Support, null, null);
    private TestDatabase database = null!;
    private DeviceDatabases targets = null!;
    private UserList list = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<UserFilter, string> Filters => new()
    {
        { UserFilter.None, "abcd" },
        { new UserFilter("ANNA"), "ad" },
        { new UserFilter("anna@"), "ad" }, // signs part words, and are not looked for
        { new UserFilter("ben_1"), "b" },
        { new UserFilter("benX1"), "" },
        { new UserFilter("100%"), "c" },
        { new UserFilter("léo"), "c" },
        { new UserFilter("org|anna"), "ad" }, // a bar only where someone types the seam itself
        { new UserFilter("'; DROP TABLE users --"), "" },
        { new UserFilter(Devices: UserDevices.Working), "a" },
        { new UserFilter(Devices: UserDevices.NoneWorking), "b" },
        { new UserFilter(Devices: UserDevices.None), "cd" },
        { new UserFilter(Sync: UserSync.Never), "cd" },
        { new UserFilter(Sync: UserSync.Lately), "a" },
        { new UserFilter(Sync: UserSync.LongAgo), "b" },
        { new UserFilter("anna", UserDevices.None, UserSync.Never), "d" },
    };

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CreateDeviceDatabaseAsync(Token);
        await Sql.ExecuteAsync(database.OwnerConnectionString, Seed);
        var options = new PortalOptions();
        options.Targets["main"] = new TargetOptions { ConnectionString = database.RuntimeConnectionString };
        targets = new DeviceDatabases(Options.Create(options));
        list = new UserList(targets);
    }

    public async ValueTask DisposeAsync()
    {
        await targets.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListAsync_Filter_FindsThoseAndNobodyElse_AndTheExportToo(UserFilter filter, string expected)
    {
        var page = await list.ListAsync(Support, new UserQuery(filter, UserSort.Joined), Token);

        Assert.Equal(expected, Ids(page.Rows));
        Assert.Equal(new Core.Lists.Tally(expected.Length), page.Matching);
        Assert.Equal(expected, Ids(await list.StreamAsync(Support, filter, Token).ToListAsync(Token)));
    }

    [Theory]
    [InlineData(UserSort.Name, false, "adcb")] // names, and the e-mail address of who has none
    [InlineData(UserSort.Name, true, "bcda")]
    [InlineData(UserSort.Joined, false, "abcd")]
    [InlineData(UserSort.Joined, true, "dcba")]
    [InlineData(UserSort.LastSynced, false, "cdba")]
    [InlineData(UserSort.LastSynced, true, "abdc")]
    [InlineData(UserSort.Id, false, "abcd")]
    [InlineData(UserSort.Id, true, "dcba")]
    [InlineData(UserSort.Devices, false, "bcda")] // by id where the number is the same
    [InlineData(UserSort.Devices, true, "adcb")]
    public async Task ListAsync_OneByOne_IsTheOrderThereAndBack(UserSort sort, bool descending, string expected)
    {
        var (query, pages) = (new UserQuery(Sort: sort, Descending: descending, Limit: 1), new List<string>());
        string? last = null;
        for (var page = await list.ListAsync(Support, query, Token); ; page = await list.ListAsync(Support, query with { Cursor = page.NextCursor }, Token))
        {
            pages.Add(page.Rows.Single().Id);
            if (page.NextCursor is null)
            {
                last = page.PreviousCursor;
                break;
            }
        }

        Assert.Equal(expected, string.Concat(pages));
        Assert.Equal(expected[^2..^1], Ids((await list.ListAsync(Support, query with { Cursor = last }, Token)).Rows));
    }

    [Fact]
    public async Task ListAsync_Row_CountsDevicesThatWorkAndAll()
    {
        var rows = (await list.ListAsync(Support, new UserQuery(), Token)).Rows.ToDictionary(r => r.Id);

        Assert.Equal((1, 2), (rows["a"].ActiveDevices, rows["a"].AllDevices));
        Assert.Equal((0, 2), (rows["b"].ActiveDevices, rows["b"].AllDevices));
        Assert.Equal((0, 0), (rows["c"].ActiveDevices, rows["c"].AllDevices));
    }

    [Fact]
    public async Task ListAsync_ByRole_ShowsWhomTheActorMaySee()
    {
        Assert.Equal("b", Ids((await list.ListAsync(new Actor("u", "Ben", AccountRole.User, "b", null), new UserQuery(), Token)).Rows));
        Assert.Empty(await list.StreamAsync(new Actor("u", "Not linked", AccountRole.User, null, null), UserFilter.None, Token).ToListAsync(Token));
    }

    private static string Ids(IEnumerable<UserRow> rows) => string.Concat(rows.Select(r => r.Id));
}
