using AdminPortal.Web.Sync;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AdminPortal.Web.Tests.Layout;

public sealed class DialogsTests : MudContext
{
    [Fact]
    public async Task Ask_AgainWhileTheDialogIsOpen_OpensNoSecondOne()
    {
        _ = Popovers;
        var dialogs = new AdminPortal.Web.Layout.Dialogs(Services.GetRequiredService<IDialogService>());
        var (first, second) = (Task.FromResult(true), Task.FromResult(true));
        await Dialogs.InvokeAsync(() =>
        {
            first = AskAsync();
            second = AskAsync();
        });

        Assert.Single(Dialogs.FindAll("form.dialog"));
        Assert.False(await second);
        await DialogButton("Cancel").ClickAsync(new MouseEventArgs());
        Assert.False(await first);
        await Dialogs.InvokeAsync(() => { first = AskAsync(); });
        Assert.Single(Dialogs.FindAll("form.dialog")); // closed, it may be opened again

        Task<bool> AskAsync() => dialogs.AskAsync("Reset sync?", new DialogParameters<ResetSyncDialog> { { dialog => dialog.Act, _ => Task.FromResult(true) } });
    }
}
