using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>From the outbox to people: each once, whatever breaks in between and however many instances do it.</summary>
public sealed class NoticeDispatchTests(PairingDatabases databases) : NoticesTest(databases)
{
    [Fact]
    public async Task Move_SeveralInstancesAtOnce_TellEachOnce()
    {
        var user = await World.NewPersonAsync();
        for (var i = 0; i < 60; i++)
            await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        var worlds = Enumerable.Range(0, 4).Select(_ => NewWorld()).ToList();

        await AtOnceAsync(4, i => MoveAllAsync(NewDispatch(worlds[i])));
        await MoveAllAsync(); // what the others had in hand when each of them came

        Assert.Equal(60, (await ToldAsync(user)).Count);
        Assert.Equal(0, await World.ScalarAsync<long>("SELECT count(*) FROM portal.notice_outbox"));
    }

    [Fact]
    public async Task Move_OutboxLostBetweenTellingAndDeleting_TellsNobodyTwice()
    {
        var user = await World.NewPersonAsync();
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await WriteAsync(NoticeKind.DeviceRevoked, user, Actor.Portal, runId: "run-1");
        await CopyOutboxAsync("INTO");
        Assert.Equal(2, await MoveAllAsync());

        await CopyOutboxAsync("BACK"); // as after a crash: the notices stand, the rows are there again
        Assert.Equal(2, await MoveAllAsync());

        var told = await ToldAsync(user);
        Assert.Equal(2, told.Count);
        Assert.All(told, notice => Assert.Equal(1, notice.Count));
    }

    [Fact]
    public async Task Move_PortalDatabaseAway_KeepsTheOutboxForLater()
    {
        var user = await World.NewPersonAsync();
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await using var away = new PairingWorld(Store.DeviceConnection, "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Timeout=2");

        var failure = await Record.ExceptionAsync(() => MoveAllAsync(NewDispatch(away)));

        Assert.True(failure is not null && TargetAvailability.IsOutage(failure), failure?.ToString());
        Assert.Single(await ToldAsync(user));
    }

    [Fact]
    public async Task Move_RunOverManyDevices_TellsEachPersonOnceWithTheCount()
    {
        var (user, other, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        string[] mine = [(await World.PairAsync(user)).PairingId, (await World.PairAsync(user)).PairingId, (await World.PairAsync(user)).PairingId];
        var theirs = (await World.PairAsync(other)).PairingId;
        await MoveAllAsync();

        await EndAsync(admin, "run-2", mine[0], mine[1]); // two batches of one run, with a reader in between
        Assert.Equal(2, (await ToldAsync(user))[^1].Count);
        await Inbox.MarkAllReadAsync(user, long.MaxValue, Token);
        await EndAsync(admin, "run-2", mine[2], theirs);

        var notice = (await ToldAsync(user))[^1];
        Assert.Equal((3, false), (notice.Count, notice.IsRead));
        Assert.Equal($"3 of your devices were revoked by {admin.Name}.", notice.Text.Sentence);
        Assert.Equal("/my-devices", notice.Text.Path);
        Assert.Equal(1, (await ToldAsync(other))[^1].Count);
        Assert.Equal(4, (await ToldAsync(user)).Count);
    }

    [Fact]
    public async Task Dispatcher_ActCommits_TellsWithinASecondAndOtherInstancesHear()
    {
        var user = await World.NewPersonAsync();
        await using var here = await NoticeHost.StartAsync(World, Store.PortalConnection);
        await using var there = await NoticeHost.StartAsync(NewWorld(), Store.PortalConnection, dispatches: false);

        await World.PairAsync(user);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await there.HearsOfAsync(user.Id);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        Assert.Equal(1, await Inbox.CountUnreadAsync(user, Token));
    }

    private async Task EndAsync(Actor admin, string runId, params string[] pairings)
    {
        await using var db = World.Databases.CreateDbContext();
        Assert.Equal(pairings.Length, (await DeviceEndings.EndAsync(db, admin, pairings, "tidying up", runId, null, Token)).Count);
    }

    private async Task CopyOutboxAsync(string direction)
    {
        await using var connection = await Store.Owner.OpenConnectionAsync(Token);
        await Sql.RunAsync(connection, direction == "INTO"
            ? "CREATE TABLE portal.outbox_copy AS TABLE portal.notice_outbox"
            : "INSERT INTO portal.notice_outbox OVERRIDING SYSTEM VALUE SELECT * FROM portal.outbox_copy");
    }
}
