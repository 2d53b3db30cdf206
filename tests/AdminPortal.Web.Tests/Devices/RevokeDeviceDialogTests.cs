using AdminPortal.Web.Devices;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>What a person reads before revoking a device, and that one decision is one act.</summary>
public sealed class RevokeDeviceDialogTests : MudContext
{
    private readonly List<string?> ended = [];

    [Fact]
    public async Task Dialog_NamesWhatEnds_AndSaysThatItCannotBeUndone()
    {
        await ShowAsync(_ => Task.FromResult(true));

        Assert.Contains("“Ward tablet” of Anna Lim", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("next request", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("cannot be undone", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_DoubleClick_ActsOnceAndCloses()
    {
        var answer = new TaskCompletionSource<bool>();
        var opened = await ShowAsync(_ => answer.Task);
        await Dialogs.Find("#revoke-reason").InputAsync(new ChangeEventArgs { Value = "  lost in the tram " });

        await ConfirmTwiceAsync("Revoke device", () => answer.SetResult(true));

        Assert.Equal(["lost in the tram"], ended);
        Assert.False((await opened.Result)!.Canceled);
        Assert.Empty(Dialogs.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task Confirm_NotDone_StaysWithWhatWasTyped()
    {
        var opened = await ShowAsync(_ => Task.FromResult(false));
        await Dialogs.Find("#revoke-reason").InputAsync(new ChangeEventArgs { Value = "lost" });

        await DialogButton("Revoke device").ClickAsync(new MouseEventArgs());

        Assert.False(opened.Result.IsCompleted);
        Assert.Equal("lost", Dialogs.Find("#revoke-reason").GetAttribute("value"));
        Assert.False(DialogButton("Revoke device").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Cancel_Always_EndsNothing()
    {
        var opened = await ShowAsync(_ => Task.FromResult(true));

        await DialogButton("Cancel").ClickAsync(new MouseEventArgs());

        Assert.True((await opened.Result)!.Canceled);
        Assert.Empty(ended);
    }

    private Task<IDialogReference> ShowAsync(Func<string?, Task<bool>> act) => OpenAsync(new DialogParameters<RevokeDeviceDialog>
    {
        { dialog => dialog.ChildContent, builder => builder.AddMarkupContent(0, "<p>“Ward tablet” of Anna Lim loses its access.</p>") },
        { dialog => dialog.Button, "Revoke device" },
        {
            dialog => dialog.Act, reason =>
            {
                ended.Add(reason);
                return act(reason);
            }
        },
    });
}
