using AdminPortal.Core.Jobs;
using AdminPortal.Web.Jobs;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace AdminPortal.Web.Tests.Jobs;

/// <summary>What a run would do is said before it is asked for; only who may run it is asked.</summary>
public sealed class RunJobDialogTests : MudContext
{
    [Fact]
    public async Task Admin_ReadsThePreviewAndRuns()
    {
        var opened = await ShowAsync(mayRun: true);
        Assert.Contains("It would remove 3 pairings.", Dialogs.Markup, StringComparison.Ordinal);

        await DialogButton("Run now").ClickAsync(new MouseEventArgs());

        Assert.False((await opened.Result)!.Canceled);
    }

    [Fact]
    public async Task Support_ReadsThePreviewOnly()
    {
        await ShowAsync(mayRun: false);

        Assert.Equal(["Close"], Dialogs.FindAll("button").Select(b => b.TextContent.Trim()));
    }

    private Task<IDialogReference> ShowAsync(bool mayRun) => OpenAsync(new DialogParameters<RunJobDialog>
    {
        { dialog => dialog.Job, new JobRow("j", "Job", "Removes things.", "off", null, true, []) },
        { dialog => dialog.Preview, "It would remove 3 pairings." },
        { dialog => dialog.Act, mayRun ? () => Task.FromResult(true) : null },
    });
}
