using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Notices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminPortal.Core.Tests.Activity;

/// <summary>The two records read as one: in order, whole, filtered, and by those who may.</summary>
public sealed class ActivityListTests(PairingDatabases databases) : NoticesTest(databases)
{
    private static int years = 2030;

    private static Actor Support { get; } = new("support", "support@example.org", AccountRole.Support, null, null);

    private ActivityList Activity => Of(World);

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(200, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(200, true)]
    public async Task List_PageByPage_ShowsEveryLineOnceInOrderAndBack(int limit, bool oldestFirst)
    {
        var query = new ActivityQuery(await FillAsync(devices: 9, portal: 8), oldestFirst, Limit: limit);

        var forward = new List<ActivityLines>();
        for (string? cursor = null; forward.Count == 0 || cursor is not null; cursor = forward[^1].NextCursor)
            forward.Add(await Activity.ListAsync(Support, query with { Cursor = cursor }, Token));
        var rows = forward.SelectMany(p => p.Rows).ToList();

        Assert.Equal(17, rows.Select(r => (r.Source, r.Id)).Distinct().Count());
        Assert.Equal(17, rows.Count);
        var asItHappened = rows.OrderBy(r => r.At).ThenBy(r => r.Source).ThenBy(r => r.Id).ToList();
        Assert.Equal(oldestFirst ? asItHappened : Enumerable.Reverse(asItHappened), rows);
        for (var i = forward.Count - 1; i > 0; i--)
            Assert.Equal(forward[i - 1].Rows, (await Activity.ListAsync(Support, query with { Cursor = forward[i].PreviousCursor }, Token)).Rows);
        Assert.Null(forward[0].PreviousCursor);
    }

    [Fact]
    public async Task List_EverythingAtTheSameMoment_ShowsEveryLineOnce()
    {
        var year = await FillAsync(devices: 7, portal: 7, apart: TimeSpan.Zero);

        var ids = new List<(ActivitySource, long)>();
        string? cursor = null;
        do
        {
            var page = await Activity.ListAsync(Support, new ActivityQuery(year, Cursor: cursor, Limit: 4), Token);
            ids.AddRange(page.Rows.Select(r => (r.Source, r.Id)));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(14, ids.Count);
        Assert.Equal(14, ids.Distinct().Count());
    }

    [Fact]
    public async Task List_ARun_IsOneLineThatNamesIt_AndOpensWhatItDid()
    {
        var year = await FillAsync(devices: 2, portal: 0);
        var (run, from) = (Data.Ids.New(), year.From!.Value);
        await World.ExecuteAsync(
            """INSERT INTO portal.device_events (at, kind, "userId", "actorId", "runId") SELECT $1, 'revoked', 'u', 'a', $2 FROM generate_series(1, 176)""", from.AddHours(1), run);
        await ExecuteOnPortalAsync(
            $$"""
             INSERT INTO portal.operation_runs (id, kind, target, title, state, parameters, "actorId", "createdAt", "finishedAt", done, skipped)
             VALUES ({{run}}, 'devices.revoke', 'main', 'Revoke 176 devices', 'Done', '{}', 'a', {{from}}, {{from}}, 176, 0)
             """);
        await ExecuteOnPortalAsync($"""INSERT INTO portal.audit_events (at, "actorId", action, subject, outcome) VALUES ({from.AddHours(1)}, 'a', 'run.started', {run}, 'devices.revoke'), ({from.AddHours(2)}, 'portal', 'run.finished', {run}, 'done')""");

        var rows = (await Activity.ListAsync(Support, new ActivityQuery(year), Token)).Rows;
        Assert.Equal(["run.started", "paired", "paired"], rows.Select(r => r.Kind));
        Assert.Equal(("Revoke 176 devices", 176L), (rows[0].Run!.Title, rows[0].Run!.Done));

        var did = await Activity.ListAsync(Support, new ActivityQuery(new ActivityFilter { Run = run }, Limit: 200), Token);
        Assert.Equal(176, did.Rows.Count);
        Assert.All(did.Rows, row => Assert.Equal("revoked", row.Kind));
        Assert.Equal(176, await Activity.StreamAsync(Support, year, Token).CountAsync(row => row.Kind == "revoked", Token)); // the file is whole
    }

    [Fact]
    public async Task List_EachFilter_ShowsWhatMatchesInBothRecords()
    {
        var (user, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user);
        await World.Devices.RevokeAsync(admin, phone.PairingId, "left in a taxi", Token);
        await AuditAsync(admin, "account.disabled", user.Id, "left the clinic");
        await AuditAsync(user with { Name = null }, "sign-in.failed", user.Id, "wrong password", "failed");
        var adminEmail = admin.Name!.Replace("Person ", "person", StringComparison.Ordinal) + "@example.org";
        var userEmail = user.Name!.Replace("Person ", "person", StringComparison.Ordinal) + "@example.org";
        var own = new ActivityFilter(User: user.UserId);

        Assert.Equal(["sign-in.failed", "account.disabled", "revoked", "paired", "confirmed", "scanned"], await KindsAsync(own));
        Assert.Equal(await KindsAsync(own), await KindsAsync(new ActivityFilter(User: userEmail)));
        Assert.Equal(["account.disabled", "revoked"], await KindsAsync(new ActivityFilter(Actor: adminEmail)));
        Assert.Equal(["account.disabled", "revoked"], await KindsAsync(new ActivityFilter(Actor: admin.Id)));
        Assert.Equal(["revoked"], await KindsAsync(own with { Kind = "revoked" }));
        Assert.Equal(["account.disabled"], await KindsAsync(own with { Kind = "account.disabled" }));
        Assert.Equal(["sign-in.failed"], await KindsAsync(own with { Outcome = ActivityOutcome.Refused }));
        Assert.Equal(["revoked", "paired", "confirmed", "scanned"], await KindsAsync(new ActivityFilter(Device: phone.DeviceId)));
        Assert.Equal(["revoked", "paired"], await KindsAsync(new ActivityFilter(Device: phone.PairingId)));
        Assert.Equal(["revoked"], await KindsAsync(own with { Search = "IN A TAX" }));
        Assert.Equal(["account.disabled"], await KindsAsync(own with { Search = "the clinic" }));
        Assert.Empty(await KindsAsync(own with { Search = "%" }));
        Assert.Empty(await KindsAsync(own with { To = TimeProvider.System.GetUtcNow().AddDays(-1) }));
        Assert.Equal(6, (await KindsAsync(own with { From = TimeProvider.System.GetUtcNow().AddHours(-1) })).Count);
    }

    [Fact]
    public async Task List_Lines_NamePeopleDevicesAndAccountsAsTheyAreNow()
    {
        var (user, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user);
        await World.Devices.RenameAsync(user, phone.PairingId, "Ward phone", Token);
        await AuditAsync(admin, "account.disabled", user.Id, null);

        var rows = (await Activity.ListAsync(Support, new ActivityQuery(new ActivityFilter(User: user.UserId)), Token)).Rows;

        Assert.EndsWith("@example.org", Assert.Single(rows, r => r.Kind == "account.disabled").SubjectName, StringComparison.Ordinal);
        var paired = Assert.Single(rows, r => r.Kind == DeviceEventKind.Paired);
        Assert.Equal((user.Name, "Ward phone"), (paired.Person, paired.DeviceTitle));
    }

    [Fact]
    public async Task List_OfAUser_ShowsTheirOwnAndNoAddressOfOthers()
    {
        var (user, other, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user);
        await World.PairAsync(other);
        await World.Devices.RevokeAsync(admin, phone.PairingId, null, Token);
        await AuditAsync(admin, "account.role-changed", user.Id, null);
        await AuditAsync(admin, "account.role-changed", other.Id, null);
        await AuditAsync(user, "sign-in.ok", user.Id, null);

        var rows = (await Activity.ListAsync(user, new ActivityQuery(new ActivityFilter()), Token)).Rows;

        Assert.Equal(["sign-in.ok", "account.role-changed", "revoked", "paired", "confirmed", "scanned"], rows.Select(r => r.Kind));
        Assert.Null(rows[1].Address);
        Assert.Null(rows[2].Address);
        Assert.NotNull(rows[0].Address);
        Assert.NotNull(rows[5].Address);
        Assert.Empty((await Activity.ListAsync(user, new ActivityQuery(new ActivityFilter(User: other.UserId)), Token)).Rows);
        Assert.Empty((await Activity.ListAsync(new Actor("device:x", null, null, user.UserId, null), new ActivityQuery(new ActivityFilter()), Token)).Rows);
        Assert.Empty((await Activity.ListAsync(new Actor("unlinked", "u", AccountRole.User, null, null), new ActivityQuery(new ActivityFilter()), Token)).Rows);
    }

    [Fact]
    public async Task List_OneDatabaseAway_ShowsTheOtherAndSaysSo()
    {
        var year = await FillAsync(devices: 2, portal: 3);
        await using var noPortal = new PairingWorld(Store.DeviceConnection, Away);
        await using var noDevices = new PairingWorld(Away, Store.PortalConnection);
        await using var neither = new PairingWorld(Away, Away);

        var devices = await Of(noPortal).ListAsync(Support, new ActivityQuery(year with { Actor = null }), Token);
        var portal = await Of(noDevices).ListAsync(Support, new ActivityQuery(year), Token);

        Assert.Equal((2, false, true), (devices.Rows.Count, devices.DevicesAway, devices.PortalAway));
        Assert.Equal((3, true, false), (portal.Rows.Count, portal.DevicesAway, portal.PortalAway));
        var failure = await Record.ExceptionAsync(() => Of(neither).ListAsync(Support, new ActivityQuery(year), Token));
        Assert.True(failure is not null && TargetAvailability.IsOutage(failure), failure?.ToString());
        failure = await Record.ExceptionAsync(async () =>
        {
            await foreach (var row in Of(noPortal).StreamAsync(Support, year, Token))
                Assert.Fail($"A part was given for the whole: {row}");
        });
        Assert.True(failure is not null && TargetAvailability.IsOutage(failure), failure?.ToString());
    }

    [Fact]
    public async Task Stream_MoreThanAChunk_GivesEveryLineOnce()
    {
        var year = await FillAsync(devices: 1300, portal: 1100);

        var ids = new HashSet<(ActivitySource, long)>();
        await foreach (var row in Activity.StreamAsync(Support, year, Token))
            Assert.True(ids.Add((row.Source, row.Id)));

        Assert.Equal(2400, ids.Count);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJTb3J0IjoiYWN0aXZpdHkiLCJEZXNjZW5kaW5nIjp0cnVlLCJLZXkiOiItMSIsIklkIjoiNzp4IiwiQmFja3dhcmRzIjpmYWxzZX0")]
    public async Task List_CursorThatIsNone_StartsAtTheNewest(string cursor)
    {
        var year = await FillAsync(devices: 2, portal: 1);

        Assert.Equal(3, (await Activity.ListAsync(Support, new ActivityQuery(year, Cursor: cursor), Token)).Rows.Count);
    }

    [Fact]
    public async Task List_HostileFilter_FindsNothingAndBreaksNothing()
    {
        const string Hostile = "x' OR 1=1 --\0\\%_";

        Assert.Empty((await Activity.ListAsync(Support, new ActivityQuery(new ActivityFilter(Hostile, Hostile, Hostile, Hostile, Search: Hostile)), Token)).Rows);
    }

    private const string Away = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Timeout=2";

    private static ActivityList Of(PairingWorld world) => new(world.Databases, world.Accounts, TimeProvider.System, NullLogger<ActivityList>.Instance);

    private async Task<IReadOnlyList<string>> KindsAsync(ActivityFilter filter) =>
        [.. (await Activity.ListAsync(Support, new ActivityQuery(filter), Token)).Rows.Select(r => r.Kind)];

    private async Task AuditAsync(Actor by, string action, string subject, string? reason, string outcome = "ok")
    {
        await using var db = await World.Accounts.CreateDbContextAsync(Token);
        AuditLog.Add(db, by, action, subject, outcome, reason);
        await db.SaveChangesAsync(Token);
    }

    /// <summary>Lines in a year of the test's own, taking turns; the filter that shows that year.</summary>
    private async Task<ActivityFilter> FillAsync(int devices, int portal, TimeSpan? apart = null)
    {
        var start = new DateTimeOffset(Interlocked.Increment(ref years), 1, 1, 0, 0, 0, TimeSpan.Zero);
        var step = apart ?? TimeSpan.FromMilliseconds(1);
        await World.ExecuteAsync(
            """INSERT INTO portal.device_events (at, kind, "userId", "actorId") SELECT $1 + n * $2, 'paired', 'u', 'device' FROM generate_series(1, $3) n""",
            start, step, devices);
        await ExecuteOnPortalAsync(
            $"""INSERT INTO portal.audit_events (at, "actorId", action, outcome) SELECT {start} + n * {step}, 'a', 'sign-in.ok', 'ok' FROM generate_series(1, {portal}) n""");
        return new ActivityFilter(From: start, To: start.AddYears(1));
    }
}
