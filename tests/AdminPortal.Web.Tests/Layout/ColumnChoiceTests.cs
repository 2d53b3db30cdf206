using AdminPortal.Web.Devices;
using AdminPortal.Web.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>Which columns a list shows: what is ticked, what the browser remembers, and which of the two wins.</summary>
public sealed class ColumnChoiceTests : BunitContext
{
    private static readonly DeviceColumn[] Shown = [DeviceColumn.Person, DeviceColumn.Status];
    private IReadOnlyList<DeviceColumn>? picked;

    public ColumnChoiceTests() => JSInterop.SetupVoid("portal.remember", _ => true).SetVoidResult();

    [Fact]
    public async Task Tick_OfAColumn_AddsItInItsPlaceAndRemembersIt()
    {
        var choice = Show(remembered: null, decided: false);

        await Box(choice, "Kind").ChangeAsync(new ChangeEventArgs { Value = true });

        Assert.Equal([DeviceColumn.Person, DeviceColumn.Kind, DeviceColumn.Status], picked!);
        Assert.Equal(["test-columns", "person,kind,status"], JSInterop.Invocations["portal.remember"].Single().Arguments);
    }

    [Fact]
    public async Task Untick_OfAColumn_TakesItAway()
    {
        await Box(Show(remembered: null, decided: false), "User").ChangeAsync(new ChangeEventArgs { Value = false });

        Assert.Equal([DeviceColumn.Status], picked!);
    }

    [Fact]
    public void LastColumn_CannotBeTakenAway()
    {
        var choice = Show(remembered: null, decided: false, DeviceColumn.Status);

        Assert.True(Box(choice, "Status").HasAttribute("disabled"));
        Assert.False(Box(choice, "User").HasAttribute("disabled"));
    }

    [Fact]
    public void Remembered_WhereTheAddressSaysNothing_IsShown()
    {
        Show(remembered: "address,person,colour,0,person", decided: false);

        Assert.Equal([DeviceColumn.Person, DeviceColumn.Address], picked!);
    }

    [Theory]
    [InlineData("status,person")] // the same
    [InlineData("colour")]
    [InlineData("")]
    public void Remembered_SameOrUnreadable_ChangesNothing(string remembered)
    {
        Show(remembered, decided: false);

        Assert.Null(picked);
    }

    [Fact]
    public void Remembered_WhereTheAddressDecides_DoesNotCount()
    {
        Show("address", decided: true);

        Assert.Null(picked);
        Assert.Empty(JSInterop.Invocations["portal.recall"]);
    }

    [Fact]
    public async Task Tick_InABrowserThatHasGone_IsNoFault()
    {
        var choice = Show(remembered: null, decided: false);
        JSInterop.SetupVoid("portal.remember", _ => true).SetException(new JSDisconnectedException("gone"));

        await Box(choice, "Kind").ChangeAsync(new ChangeEventArgs { Value = true });

        Assert.Contains(DeviceColumn.Kind, picked!);
    }

    private static AngleSharp.Dom.IElement Box(IRenderedComponent<ColumnChoice<DeviceColumn>> choice, string label) =>
        choice.FindAll("label").Single(l => l.TextContent == label).QuerySelector("input")!;

    private IRenderedComponent<ColumnChoice<DeviceColumn>> Show(string? remembered, bool decided, params DeviceColumn[] shown)
    {
        JSInterop.Setup<string?>("portal.recall", "test-columns").SetResult(remembered);
        return Render<ColumnChoice<DeviceColumn>>(parameters => parameters
            .Add(c => c.Name, "test-columns").Add(c => c.Shown, shown.Length == 0 ? Shown : shown).Add(c => c.Decided, decided).Add(c => c.Label, DeviceColumns.Label)
            .Add(c => c.OnPick, EventCallback.Factory.Create<IReadOnlyList<DeviceColumn>>(this, columns => picked = columns)));
    }
}
