using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Bulk;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.Bulk;

/// <summary>What stands before an act on many devices: its impact in words, a reason, and the number typed by hand.</summary>
public sealed class BulkConfirmTests : MudContext
{
    private readonly List<(string Reason, int Confirmed)> started = [];

    [Theory]
    [InlineData("1240", true)]
    [InlineData("1,240", true)]
    [InlineData("1 240", true)]
    [InlineData("124", false)]
    [InlineData("1240 devices", false)]
    [InlineData("", false)]
    public void Button_OnlyTheRightNumber_OpensIt(string typed, bool open)
    {
        var confirm = RenderConfirm(1240, _ => Task.CompletedTask);
        confirm.Find("#bulk-reason").Input("lost in the move");
        confirm.Find("#bulk-number").Input(typed);

        Assert.Equal(!open, Button(confirm).HasAttribute("disabled"));
    }

    [Fact]
    public void Button_NoReason_IsClosed()
    {
        var confirm = RenderConfirm(2, _ => Task.CompletedTask);
        confirm.Find("#bulk-reason").Input("  ");
        confirm.Find("#bulk-number").Input("2");

        Assert.True(Button(confirm).HasAttribute("disabled"));
    }

    [Fact]
    public async Task Confirm_DoubleClick_StartsOnce()
    {
        var answer = new TaskCompletionSource();
        var confirm = RenderConfirm(2, _ => answer.Task);
        confirm.Find("#bulk-reason").Input(" lost ");
        confirm.Find("#bulk-number").Input("2");
        var button = Button(confirm);

        var first = button.ClickAsync(new MouseEventArgs());
        var second = button.ClickAsync(new MouseEventArgs());
        answer.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal([("lost", 2)], started);
    }

    [Fact]
    public void Confirm_NothingToChange_OffersNoStart()
    {
        var confirm = RenderConfirm(0, _ => Task.CompletedTask);

        Assert.Empty(confirm.FindAll("button"));
        Assert.Contains("would change none", confirm.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BulkAct.Revoke, "cannot be undone")]
    [InlineData(BulkAct.Quarantine, "can be undone")]
    public void Confirm_Act_SaysWhetherItCanBeUndone(BulkAct act, string words) =>
        Assert.Contains(words, RenderConfirm(2, _ => Task.CompletedTask, act).Markup, StringComparison.Ordinal);

    [Fact]
    public void Impact_LastAndOwnDevices_AreNamed()
    {
        var preview = new ImpactPreview(
            "s", "status active", 10, 1, new Dictionary<DeviceStatus, int> { [DeviceStatus.Active] = 7, [DeviceStatus.Revoked] = 2 }, 7, 1, 4,
            [new ScopeCount(PermissionScope.WriteNotes, 5)], 2, ["Anna Lim"], ["My phone"], 3, 2, 9, 1, null);

        var text = Render<ImpactPanel>(p => p.Add(i => i.Preview, preview).Add(i => i.Act, BulkAct.Revoke)).Find("section").TextContent;

        Assert.Contains("7 devices, 3 stay as they are", text, StringComparison.Ordinal);
        Assert.Contains("Write notes: 5 devices", text, StringComparison.Ordinal);
        Assert.Contains("2 people are left without a working device: Anna Lim and others", text, StringComparison.Ordinal);
        Assert.Contains("a device of yours: My phone", text, StringComparison.Ordinal);
        Assert.Contains("9 changes wait on 2 devices", text, StringComparison.Ordinal);
        Assert.Equal(6, preview.ToChange(includeOwn: false));
    }

    [Fact]
    public void Impact_OfARelease_LeavesNobodyWithoutADevice()
    {
        var preview = new ImpactPreview("s", "x", 1, 0, new Dictionary<DeviceStatus, int>(), 1, 0, 1, [], 0, [], [], 0, 0, 0, 0, null);

        Assert.DoesNotContain("without a working device", Render<ImpactPanel>(p => p.Add(i => i.Preview, preview).Add(i => i.Act, BulkAct.Release)).Markup, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<BulkConfirm> confirm) => confirm.Find(".actions button");

    private IRenderedComponent<BulkConfirm> RenderConfirm(int affected, Func<string, Task> start, BulkAct act = BulkAct.Revoke) => Render<BulkConfirm>(parameters => parameters
        .Add(c => c.Act, act)
        .Add(c => c.Affected, affected)
        .Add(c => c.OnConfirm, EventCallback.Factory.Create<(string Reason, int Confirmed)>(this, wanted =>
        {
            started.Add(wanted);
            return start(wanted.Reason);
        })));
}
