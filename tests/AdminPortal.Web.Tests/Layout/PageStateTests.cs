using AdminPortal.Core.Targets;
using AdminPortal.Web.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The faces of a page, and the way forward in each.</summary>
public sealed class PageStateTests : BunitContext
{
    private int retries;

    [Fact]
    public void Loading_SaysSo() => Assert.Equal("Loading…", Show(new ViewState<string>()).Find("[role=status] p").TextContent);

    [Fact]
    public void Loaded_ShowsTheValue() => Assert.Contains("<b>rows</b>", Show(new ViewState<string>("rows")).Markup, StringComparison.Ordinal);

    [Fact]
    public void Missing_ShowsThePagesOwnWords() => Assert.Contains("nothing here", Show(new ViewState<string>(IsMissing: true)).Markup, StringComparison.Ordinal);

    [Fact]
    public async Task Down_SaysWhichAndWhy_AndTriesAgainOnRequest()
    {
        var page = Show(new ViewState<string>(Problem: new ViewProblem(new TargetAvailability.Down("main", "Connection refused."))));

        Assert.Contains("main", page.Find("[role=alert] h2").TextContent, StringComparison.Ordinal);
        Assert.Contains("Connection refused.", page.Markup, StringComparison.Ordinal);
        await page.Find("button").ClickAsync(new MouseEventArgs());
        Assert.Equal(1, retries);
    }

    [Fact]
    public void NotMigrated_NamesTheFirstMissingMigration()
    {
        var page = Show(new ViewState<string>(Problem: new ViewProblem(new TargetAvailability.NotMigrated("main", ["1_baseline", "2_more"]))));

        Assert.Contains("2 migrations are missing", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("1_baseline", page.Find("code").TextContent);
    }

    [Fact]
    public void Unexpected_TellsNothingOfTheInside() =>
        Assert.Contains("the portal's log", Show(new ViewState<string>(Problem: new ViewProblem(null))).Find("[role=alert]").TextContent, StringComparison.Ordinal);

    private IRenderedComponent<PageState<string>> Show(ViewState<string> state) => Render<PageState<string>>(parameters => parameters
        .Add(p => p.State, state)
        .Add(p => p.ChildContent, value => $"<b>{value}</b>")
        .Add(p => p.Missing, "nothing here")
        .Add(p => p.OnRetry, EventCallback.Factory.Create(this, () => retries++)));
}
