using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Lists;

/// <summary>A crowd of twenty thousand devices, filled once: enough for every way in which a long list is read.</summary>
public sealed class Crowd(PostgresCluster cluster) : IAsyncLifetime
{
    public const int Pairings = 20_000;
    private TestDatabase database = null!;
    private DeviceDatabases targets = null!;

    public DeviceDatabases Targets => targets;

    public async ValueTask InitializeAsync()
    {
        database = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        var options = new PortalOptions();
        options.Targets["main"] = new TargetOptions { ConnectionString = database.RuntimeConnectionString };
        targets = new DeviceDatabases(Options.Create(options));
        await using var owner = DatabaseOptions.CreateDataSource(database.OwnerConnectionString);
        await SampleCrowd.WriteAsync(owner, Pairings, TimeProvider.System, new Progress<int>(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await targets.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await database.DisposeAsync();
    }
}

/// <summary>Long lists: whichever way the rows are found, they are the rows; and the indexes made for it can find them.</summary>
public sealed class ListsAtSizeTests(Crowd crowd) : IClassFixture<Crowd>
{
    private static readonly Actor Admin = new("a", "Admin", AccountRole.Admin, null, null);
    private readonly DeviceList list = new(crowd.Targets);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<DeviceFilter> Filters =>
    [
        DeviceFilter.None,
        new DeviceFilter("ward"), new DeviceFilter("anna lim"), new DeviceFilter("sample"), new DeviceFilter("zzzzz"), new DeviceFilter("e"),
        new DeviceFilter(State: DeviceStanding.Active), new DeviceFilter(State: DeviceStanding.Expired), new DeviceFilter(State: DeviceStanding.Revoked),
        new DeviceFilter(State: DeviceStanding.Quarantined), new DeviceFilter(State: DeviceStanding.Expiring), new DeviceFilter(Scope: PermissionScope.WriteNotes),
        new DeviceFilter(Seen: new Age(60, true)), new DeviceFilter(Paired: new Age(400, true)), new DeviceFilter(Platform: "android"), new DeviceFilter(AppVersion: "2.4"),
        new DeviceFilter("phone", DeviceStanding.Active, DeviceType.MobileAndroid, PermissionScope.WriteNotes, new Age(30, false), new Age(10, true), "android", "2"),
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListAsync_EveryOrder_PageAfterPage_IsTheListSortedAtOnce(DeviceFilter filter)
    {
        await using var db = crowd.Targets.CreateDbContext();
        var all = await (await DeviceList.MatchingAsync(db, Admin, filter, Token)).Select(p => new
        {
            p.Id,
            p.DeviceId,
            Name = p.DeviceName ?? "",
            Person = p.User.Name ?? p.User.Email,
            p.LastSeenAt,
            p.CreatedAt,
            p.ExpiresAt,
            p.DeviceType,
            Address = p.IpAddress ?? "",
            p.IsActive,
            Suspended = p.State != null,
            Over = p.ExpiresAt <= DatabaseClock.UtcNow(),
            App = db.Devices.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Select(d => d.AppVersion).FirstOrDefault(),
            Platform = db.Devices.Where(d => d.DeviceId == p.DeviceId && d.UserId == p.UserId).Select(d => d.Platform).FirstOrDefault(),
        })
            .ToListAsync(Token);
        var byId = all.OrderBy(p => p.Id, StringComparer.Ordinal).ToList();
        var known = all.Where(p => p.App is not null).OrderBy(p => p.DeviceId, StringComparer.Ordinal).ToList();
        var unknown = byId.Where(p => p.App is null).Select(p => p.Id).ToList();
        foreach (var (sort, sorted) in new (DeviceSort, IEnumerable<string>)[]
        {
            (DeviceSort.LastSeen, all.OrderBy(p => p.LastSeenAt).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.Paired, all.OrderBy(p => p.CreatedAt).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.Expires, all.OrderBy(p => p.ExpiresAt).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.Name, all.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.User, all.OrderBy(p => p.Person, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.Type, byId.OrderBy(p => p.DeviceType).Select(p => p.Id)),
            (DeviceSort.Address, byId.OrderBy(p => p.Address, StringComparer.Ordinal).Select(p => p.Id)),
            (DeviceSort.Status, byId.OrderBy(p => p.ExpiresAt).Where(p => p.IsActive && !p.Suspended && !p.Over)
                .Concat(byId.OrderBy(p => p.ExpiresAt).Where(p => p.IsActive && !p.Suspended && p.Over)).Concat(byId.Where(p => p.Suspended))
                .Concat(byId.OrderBy(p => p.LastSeenAt).Where(p => !p.IsActive && !p.Suspended)).Select(p => p.Id)),
        })
        {
            var (up, down) = (sorted.Take(90).ToList(), sorted.Reverse().Take(90).ToList());
            Assert.Equal(up, await ReadAsync(new DeviceQuery(filter, sort, Descending: false, Limit: 30)));
            Assert.Equal(down, await ReadAsync(new DeviceQuery(filter, sort, Descending: true, Limit: 30)));
        }

        foreach (var (sort, sorted) in new (DeviceSort, IEnumerable<string>)[]
        {
            (DeviceSort.AppVersion, known.OrderBy(p => Version.Parse(p.App!)).Select(p => p.Id)),
            (DeviceSort.Platform, known.OrderBy(p => p.Platform, StringComparer.Ordinal).Select(p => p.Id)),
        })
        {
            Assert.Equal(sorted.Concat(unknown).Take(90), await ReadAsync(new DeviceQuery(filter, sort, Descending: false, Limit: 30)));
            Assert.Equal(sorted.Reverse().Concat(Enumerable.Reverse(unknown)).Take(90), await ReadAsync(new DeviceQuery(filter, sort, Descending: true, Limit: 30)));
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListAsync_ByScopes_SortsAShortListAndLeavesALongOneInItsUsualOrder(DeviceFilter filter)
    {
        await using var db = crowd.Targets.CreateDbContext();
        var all = await (await DeviceList.MatchingAsync(db, Admin, filter, Token))
            .Select(p => new { p.Id, Scopes = p.Permissions.Count(g => g.ExpiresAt == null || g.ExpiresAt > DatabaseClock.UtcNow()) }).ToListAsync(Token);
        var sorted = all.OrderBy(p => p.Scopes).ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id).ToList();
        var query = new DeviceQuery(filter, DeviceSort.Scopes, Descending: false, Limit: 30);

        if ((await list.ListAsync(Admin, query, Token)).IsTooLongForOrder)
        {
            Assert.InRange(all.Count, ListReading.CountedLimit / 2, Crowd.Pairings);
            Assert.Equal(await ReadAsync(new DeviceQuery(filter, Limit: 30)), await ReadAsync(query));
        }
        else
        {
            Assert.InRange(all.Count, 0, ListReading.CountedLimit * 2);
            Assert.Equal(sorted.Take(90), await ReadAsync(query));
            Assert.Equal(Enumerable.Reverse(sorted).Take(90), await ReadAsync(query with { Descending = true }));
        }
    }

    [Fact]
    public async Task ListAsync_ByScopes_OfEveryDevice_IsTooLong_AndOfOneNameIsNot()
    {
        Assert.True((await list.ListAsync(Admin, new DeviceQuery(null, DeviceSort.Scopes), Token)).IsTooLongForOrder);
        Assert.False((await list.ListAsync(Admin, new DeviceQuery(null, DeviceSort.Expires), Token)).IsTooLongForOrder);
        Assert.False((await list.ListAsync(Admin, new DeviceQuery(new DeviceFilter("anna lim"), DeviceSort.Scopes), Token)).IsTooLongForOrder);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListAsync_Count_IsExact(DeviceFilter filter)
    {
        await using var db = crowd.Targets.CreateDbContext();
        var truth = await (await DeviceList.MatchingAsync(db, Admin, filter, Token)).CountAsync(Token);

        var page = await list.ListAsync(Admin, new DeviceQuery(filter), Token);
        for (var tries = 0; page.Matching.IsAbout && tries < 50; tries++)
            page = await list.ListAsync(Admin, new DeviceQuery(filter), Token); // a busy machine took longer than a list waits

        Assert.Equal(new Tally(truth), page.Matching);
    }

    [Fact]
    public async Task StreamAsync_OverManyChunks_HasEveryDeviceOnce() =>
        Assert.Equal(Crowd.Pairings, (await list.StreamAsync(Admin, DeviceFilter.None, Token).Select(row => row.Id).ToListAsync(Token)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public async Task Search_ByAPartOfAWord_CanUseTheTrigramIndexesOfBothTables()
    {
        await using var db = crowd.Targets.CreateDbContext();
        var search = (await DeviceSearch.ReadAsync(db, "Okafór tablet", Token))!;
        Assert.Contains("device_pairings_userId_idx", await PlanAsync(search.In(db.DevicePairings)), StringComparison.Ordinal);
        Assert.Contains("device_pairings_words_idx", await PlanAsync(db.DevicePairings.Where(SearchTexts.Device("okafor123"))), StringComparison.Ordinal);
        Assert.Contains("device_pairings_words_idx", await PlanAsync(db.DevicePairings.Where(SearchTexts.Device("東  京"))), StringComparison.Ordinal);
        Assert.Contains("users_words_idx", await PlanAsync(db.Users.Where(SearchTexts.User("okafor123"))), StringComparison.Ordinal);
        Assert.Contains("users_words_idx", await PlanAsync(db.Users.Where(SearchTexts.User("東  京"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device_pairings_lastSeenAt_idx", "\"lastSeenAt\" DESC, id DESC")]
    [InlineData("device_pairings_createdAt_idx", "\"createdAt\", id")]
    [InlineData("device_pairings_expiresAt_idx", "\"expiresAt\", id")]
    [InlineData("device_pairings_name_idx", "COALESCE(\"deviceName\", ''), id")]
    [InlineData("device_pairings_type_idx", "\"deviceType\", id")]
    [InlineData("device_pairings_address_idx", "COALESCE(\"ipAddress\", '') DESC, id DESC")]
    public async Task Order_OfThePairings_CanBeReadFromItsIndex(string index, string order)
    {
        await using var db = crowd.Targets.CreateDbContext();
#pragma warning disable EF1002 // words of this file
        Assert.Contains(index, await PlanAsync(db.DevicePairings.FromSqlRaw($"SELECT * FROM public.device_pairings ORDER BY {order} LIMIT 51")), StringComparison.Ordinal);
#pragma warning restore EF1002
    }

    [Theory]
    [InlineData(DeviceSort.AppVersion, "devices_version_idx")]
    [InlineData(DeviceSort.Platform, "devices_platform_order_idx")]
    public async Task Order_ByRegistration_IsReadFromItsIndex_AlsoFromAPlaceOn(DeviceSort sort, string index)
    {
        await using var db = crowd.Targets.CreateDbContext();
        var order = DeviceSorts.Of(db, new DeviceQuery(Sort: sort)).From(descending: false, cursor: null).First().Stretch.Sort;
        var place = new ListCursor(order.Name, false, "a", "b", false);
        foreach (var (from, down) in new[] { ((ListCursor?)null, false), (null, true), (place, false), (place, true) })
            Assert.Contains($"using {index}", (await PlanAsync(order.Apply(db.DevicePairings, down, from).Take(51))).Replace(" Backward", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private async Task<List<string>> ReadAsync(DeviceQuery query)
    {
        var ids = new List<string>();
        for (var turn = 0; turn < 3; turn++)
        {
            var page = await list.ListAsync(Admin, query, Token);
            ids.AddRange(page.Rows.Select(row => row.Id));
            if (page.NextCursor is null)
            {
                break;
            }

            query = query with { Cursor = page.NextCursor };
        }

        return ids;
    }

    /// <summary>With sequential scans forbidden, so that twenty thousand rows are judged as a million would be.</summary>
    private static async Task<string> PlanAsync<T>(IQueryable<T> query)
    {
        await using var command = query.CreateDbCommand();
        await command.Connection!.OpenAsync(Token);
        await using (var setting = command.Connection.CreateCommand())
        {
            setting.CommandText = "SET enable_seqscan = off";
            await setting.ExecuteNonQueryAsync(Token);
        }

        command.CommandText = "EXPLAIN " + command.CommandText;
        var lines = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                lines.Add(reader.GetString(0));
            }
        }

        await command.Connection.CloseAsync();
        return string.Join('\n', lines);
    }
}
