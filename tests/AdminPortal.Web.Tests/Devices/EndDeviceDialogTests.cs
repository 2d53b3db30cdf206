using AdminPortal.Web.Devices;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>What a person reads before ending a device, and that one decision is one act.</summary>
public sealed class EndDeviceDialogTests : BunitContext
{
    private readonly List<string?> ended = [];
    private bool cancelled;

    [Fact]
    public void Dialog_NamesWhatEnds_AndSaysThatItCannotBeUndone()
    {
        var dialog = RenderDialog(_ => Task.CompletedTask);

        Assert.Contains("“Ward tablet” of Anna Lim", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("next request", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("cannot be undone", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_DoubleClick_ActsOnce()
    {
        var answer = new TaskCompletionSource();
        var dialog = RenderDialog(_ => answer.Task);
        dialog.Find("input").Input("  lost in the tram ");
        var button = dialog.FindAll("button").Single(b => b.TextContent.Trim() == "End device");

        var first = button.ClickAsync(new MouseEventArgs());
        var second = button.ClickAsync(new MouseEventArgs());
        answer.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["lost in the tram"], ended);
    }

    [Fact]
    public async Task Cancel_Always_EndsNothing()
    {
        var dialog = RenderDialog(_ => Task.CompletedTask);

        await dialog.FindAll("button").Single(b => b.TextContent == "Keep it").ClickAsync(new MouseEventArgs());

        Assert.True(cancelled);
        Assert.Empty(ended);
    }

    private IRenderedComponent<EndDeviceDialog> RenderDialog(Func<string?, Task> act) => Render<EndDeviceDialog>(parameters => parameters
        .AddChildContent("<p>“Ward tablet” of Anna Lim loses its access.</p>")
        .Add(d => d.Act, "End device")
        .Add(d => d.OnCancel, EventCallback.Factory.Create(this, () => cancelled = true))
        .Add(d => d.OnConfirm, EventCallback.Factory.Create<string?>(this, reason =>
        {
            ended.Add(reason);
            return act(reason);
        })));
}
