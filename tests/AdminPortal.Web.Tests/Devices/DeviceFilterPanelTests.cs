using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Devices;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>What each control of the filter panel makes of the filter, and what it shows of one.</summary>
public sealed class DeviceFilterPanelTests : BunitContext
{
    private static readonly DeviceFilter Set = new("anna", DeviceStanding.Active, DeviceType.Tablet, PermissionScope.WriteNotes, new Age(7, false), new Age(45, true), "ios", "2.4");
    private DeviceFilter? wanted;

    public DeviceFilterPanelTests() => Services.AddSingleton(TimeProvider.System);

    public static TheoryData<string, string, DeviceFilter> Changes => new()
    {
        { "#device-state", "Quarantined", Set with { State = DeviceStanding.Quarantined } },
        { "#device-state", "", Set with { State = null } },
        { "#device-type", "MobileIos", Set with { Type = DeviceType.MobileIos } },
        { "#device-scope", "FullAccess", Set with { Scope = PermissionScope.FullAccess } },
        { "#device-seen", "over-60d", Set with { Seen = new Age(60, true) } },
        { "#device-paired", "", Set with { Paired = null } },
        { "#device-platform", " android ", Set with { Platform = "android" } },
        { "#device-platform", "  ", Set with { Platform = null } },
        { "#device-version", "3", Set with { AppVersion = "3" } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_OfOneControl_ChangesThatAndKeepsTheRest(string control, string value, DeviceFilter expected)
    {
        await Show(Set).Find(control).ChangeAsync(new ChangeEventArgs { Value = value });

        Assert.Equal(expected, wanted);
    }

    [Fact]
    public async Task Typing_InTheSearchField_IsOneFilterOnceItPauses()
    {
        var panel = Show(Set);

        var first = panel.Find("#device-search").InputAsync(new ChangeEventArgs { Value = "be" });
        var second = panel.Find("#device-search").InputAsync(new ChangeEventArgs { Value = "ben" });
        Assert.Null(wanted);
        await Task.WhenAll(first, second);

        Assert.Equal(Set with { Search = "ben" }, wanted);
    }

    [Fact]
    public void Panel_WithRareFiltersSet_IsUnfoldedAndCountsThem()
    {
        var more = Show(Set).Find("details");

        Assert.True(more.HasAttribute("open"));
        Assert.Equal("More filters (5 set)", more.QuerySelector("summary")!.TextContent);
    }

    [Fact]
    public void Panel_WithNothingSet_IsFoldedAndHasNothingToClear()
    {
        var panel = Show(DeviceFilter.None);

        Assert.False(panel.Find("details").HasAttribute("open"));
        Assert.Equal("More filters", panel.Find("summary").TextContent);
        Assert.Empty(panel.FindAll("button"));
    }

    [Fact]
    public async Task Chip_OfAFilter_TakesOnlyThatOneAway()
    {
        await Show(Set).Find("[aria-label='Remove the filter: Seen in the last 7 days']").ClickAsync(new());

        Assert.Equal(Set with { Seen = null }, wanted);
    }

    [Fact]
    public async Task TypedFilters_AreTakenOutOfTheField_AndTheOtherWordsStay()
    {
        var panel = Show(DeviceFilter.None);

        await panel.Find("#device-search").InputAsync(new ChangeEventArgs { Value = "user:maier seen:>7d kitchen" });

        Assert.Equal(new DeviceFilter("kitchen", Seen: new Age(7, true), User: "maier"), wanted);
        Assert.Equal("kitchen", panel.Find("#device-search").GetAttribute("value"));
    }

    [Theory]
    [InlineData("seen:soon", "“seen:soon” cannot be read. Try seen:>7d.")]
    [InlineData("status:asleep", "“status:asleep” cannot be read. Try status:active.")]
    public async Task TypedFilter_ThatCannotBeRead_SearchesForNothingAndSaysSo(string typed, string said)
    {
        var panel = Show(DeviceFilter.None);

        await panel.Find("#device-search").InputAsync(new ChangeEventArgs { Value = typed });

        Assert.Null(wanted);
        Assert.Equal(said, panel.Find(".problem-line").TextContent);
    }

    [Fact]
    public void Line_ReadsEveryKey() => Assert.Equal(
        new DeviceFilter("ward 3", DeviceStanding.Active, DeviceType.Tablet, PermissionScope.WriteNotes, new Age(7, true), new Age(30, false), "ios", "2.4", "anna lim"),
        DeviceFilterLine.Read("ward user:\"anna lim\" status:active kind:tablet may:\"write notes\" seen:>7d paired:<30d 3 platform:ios app:2.4", DeviceFilter.None).Filter);

    [Fact]
    public async Task Clear_LeavesNothingSet()
    {
        await Show(Set).FindAll("button").Single(b => b.TextContent == "Clear all filters").ClickAsync(new());

        Assert.Equal(DeviceFilter.None, wanted);
    }

    [Fact]
    public async Task AgeChoice_OfAnAgeThatIsNotUsual_OffersAndShowsIt()
    {
        Age? picked = new Age(1, false);
        var choice = Render<AgeChoice>(parameters => parameters.Add(c => c.Id, "age").Add(c => c.Label, "Paired").Add(c => c.Value, new Age(45, true))
            .Add(c => c.OnPick, EventCallback.Factory.Create<Age?>(this, age => picked = age)));

        Assert.Equal("over-45d", choice.Find("select").GetAttribute("value"));
        Assert.Equal("more than 45 days ago", choice.FindAll("option")[^1].TextContent);
        Assert.Equal(9, choice.FindAll("option").Count);

        await choice.Find("select").ChangeAsync(new ChangeEventArgs { Value = "nonsense" });
        Assert.Null(picked);
    }

    [Fact]
    public void AgeChoice_OfAUsualAge_OffersItOnce() =>
        Assert.Single(Render<AgeChoice>(parameters => parameters.Add(c => c.Id, "age").Add(c => c.Label, "Seen").Add(c => c.Value, new Age(7, false))).FindAll("option[value='7d']"));

    private IRenderedComponent<DeviceFilterPanel> Show(DeviceFilter filter) => Render<DeviceFilterPanel>(parameters => parameters
        .Add(p => p.Filter, filter).Add(p => p.OnChange, EventCallback.Factory.Create<DeviceFilter>(this, changed => wanted = changed)));
}
