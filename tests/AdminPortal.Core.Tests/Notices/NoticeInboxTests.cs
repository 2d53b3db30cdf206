using AdminPortal.Core.Activity;
using AdminPortal.Core.Housekeeping;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>A person reads their notices, page by page, and is done with them.</summary>
public sealed class NoticeInboxTests(PairingDatabases databases) : NoticesTest(databases)
{
    [Fact]
    public async Task List_SeveralPages_ShowEveryNoticeOnceInBothDirections()
    {
        var user = await WithNoticesAsync(7);

        var first = await Inbox.ListAsync(user, false, null, 3, Token);
        var second = await Inbox.ListAsync(user, false, first.NextCursor, 3, Token);
        var third = await Inbox.ListAsync(user, false, second.NextCursor, 3, Token);

        Assert.Equal((3, 3, 1), (first.Rows.Count, second.Rows.Count, third.Rows.Count));
        Assert.Null(first.PreviousCursor);
        Assert.Null(third.NextCursor);
        var ids = first.Rows.Concat(second.Rows).Concat(third.Rows).Select(n => n.Id).ToList();
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Equal(7, ids.Distinct().Count());
        Assert.Equal(second.Rows, (await Inbox.ListAsync(user, false, third.PreviousCursor, 3, Token)).Rows);
        Assert.Equal(first.Rows, (await Inbox.ListAsync(user, false, second.PreviousCursor, 3, Token)).Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("eyJTb3J0IjoibmV3ZXN0IiwiRGVzY2VuZGluZyI6dHJ1ZSwiS2V5IjoieCIsIklkIjoieCcgT1IgMT0xIiwiQmFja3dhcmRzIjpmYWxzZX0")]
    public async Task List_CursorThatIsNone_StartsAtTheNewest(string cursor)
    {
        var user = await WithNoticesAsync(2);

        Assert.Equal(2, (await Inbox.ListAsync(user, false, cursor, 3, Token)).Rows.Count);
    }

    [Fact]
    public async Task MarkRead_One_LeavesTheOthersUnread()
    {
        var user = await WithNoticesAsync(3);
        var notice = (await Inbox.ListAsync(user, true, null, 1, Token)).Rows[0];

        Assert.True(await Inbox.MarkReadAsync(user, notice.Id, Token));
        Assert.False(await Inbox.MarkReadAsync(user, notice.Id, Token));

        Assert.Equal(2, await Inbox.CountUnreadAsync(user, Token));
        Assert.DoesNotContain((await Inbox.ListAsync(user, true, null, 10, Token)).Rows, n => n.Id == notice.Id);
        Assert.True((await Inbox.ListAsync(user, false, null, 10, Token)).Rows[0].IsRead);
    }

    [Fact]
    public async Task MarkAllRead_WhileOneMoreComes_LeavesThatUnread()
    {
        var user = await WithNoticesAsync(3);
        var seen = (await Inbox.ListAsync(user, false, null, 10, Token)).Rows[0].Id;
        await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync();

        Assert.True(await Inbox.MarkAllReadAsync(user, seen, Token));

        Assert.Equal(1, await Inbox.CountUnreadAsync(user, Token));
    }

    [Fact]
    public async Task ListAndMark_AnothersNotices_AreOutOfReachForAnAdminToo()
    {
        var user = await WithNoticesAsync(1);
        var admin = await World.NewPersonAsync(Data.Accounts.AccountRole.Admin);
        var notice = (await Inbox.ListAsync(user, false, null, 10, Token)).Rows[0];

        Assert.Empty((await Inbox.ListAsync(admin, false, null, 10, Token)).Rows);
        Assert.False(await Inbox.MarkReadAsync(admin, notice.Id, Token));
        Assert.False(await Inbox.MarkAllReadAsync(admin, long.MaxValue, Token));
        Assert.Equal(1, await Inbox.CountUnreadAsync(user, Token));
    }

    [Fact]
    public async Task Cleanup_NoticesOlderThanNinetyDays_AreDroppedAndYoungerStay()
    {
        var user = await WithNoticesAsync(2);
        var oldest = (await Inbox.ListAsync(user, false, null, 10, Token)).Rows[^1].Id;
        await ExecuteOnPortalAsync($"UPDATE portal.notices SET at = now() - interval '89 days' WHERE \"accountId\" = {user.Id}");
        await ExecuteOnPortalAsync($"UPDATE portal.notices SET at = now() - interval '91 days' WHERE id = {oldest}");

        Assert.Equal("1 notices and 0 mails dropped.", (await new NoticeCleanup(World.Accounts).RunAsync(Token)).Message);

        Assert.Single((await Inbox.ListAsync(user, false, null, 10, Token)).Rows);
    }

    private async Task<Actor> WithNoticesAsync(int count)
    {
        var user = await World.NewPersonAsync();
        for (var i = 0; i < count; i++)
            await WriteAsync(NoticeKind.ScopesChanged, user, Actor.Portal);
        await MoveAllAsync();
        return user;
    }
}
