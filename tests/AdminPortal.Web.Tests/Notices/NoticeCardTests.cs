using AdminPortal.Core.Notices;
using AdminPortal.Data.Notices;
using AdminPortal.Web.Notices;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Notices;

/// <summary>What a notice says, and what can be done about it.</summary>
public sealed class NoticeCardTests : BunitContext
{
    private readonly List<string> done = [];

    public NoticeCardTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Card_NewDevice_LeadsThereAndOffersThatItWasNotMe()
    {
        var card = Show(Notice(NoticeKind.DevicePaired));

        Assert.Equal("/devices/p1", card.Find("a").GetAttribute("href"));
        await card.FindAll("button").Single(b => b.TextContent == "This was not me").ClickAsync(new MouseEventArgs());
        await card.FindAll("button").Single(b => b.TextContent == "Mark as read").ClickAsync(new MouseEventArgs());
        Assert.Equal(["not me", "read"], done);
    }

    [Theory]
    [InlineData(NoticeKind.DeviceRevoked)]
    [InlineData(NoticeKind.ScopesChanged)]
    public void Card_OfOtherKinds_OffersNoSuchThing(string kind) =>
        Assert.DoesNotContain("This was not me", Show(Notice(kind)).Markup, StringComparison.Ordinal);

    [Fact]
    public void Card_ReadAlready_OffersNoMarking()
    {
        var card = Show(Notice(NoticeKind.DeviceRevoked) with { IsRead = true });

        Assert.DoesNotContain("Unread", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("button"));
    }

    [Fact]
    public void Card_StrangersText_IsNoMarkup()
    {
        var card = Show(Notice(NoticeKind.DevicePaired) with { DeviceTitle = "<b id=evil>phone</b>", Reason = "<i id=bad>" });

        Assert.Empty(card.FindAll("#evil, #bad"));
        Assert.Contains("<b id=evil>", card.Find("p").TextContent, StringComparison.Ordinal);
    }

    private static NoticeRow Notice(string kind) =>
        new(7, new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero), kind, "p1", "Ward phone", "Ben", null, null, 1, IsRead: false);

    private IRenderedComponent<NoticeCard> Show(NoticeRow notice) => Render<NoticeCard>(parameters => parameters
        .Add(c => c.Notice, notice)
        .Add(c => c.OnRead, EventCallback.Factory.Create(this, () => done.Add("read")))
        .Add(c => c.OnNotMe, EventCallback.Factory.Create(this, () => done.Add("not me"))));
}
