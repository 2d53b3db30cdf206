using AdminPortal.Core.Jobs;
using AdminPortal.Web.Jobs;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.Jobs;

/// <summary>What a run would do is said before it is asked for; only who may run it is asked.</summary>
public sealed class RunJobDialogTests : BunitContext
{
    private bool started;

    [Fact]
    public async Task Admin_ReadsThePreviewAndRuns()
    {
        var dialog = Show(mayRun: true);
        Assert.Contains("It would remove 3 pairings.", dialog.Markup, StringComparison.Ordinal);

        await dialog.FindAll("button").Single(b => b.TextContent == "Run now").ClickAsync(new MouseEventArgs());

        Assert.True(started);
    }

    [Fact]
    public void Support_ReadsThePreviewOnly() => Assert.Equal(["Close"], Show(mayRun: false).FindAll("button").Select(b => b.TextContent));

    private IRenderedComponent<RunJobDialog> Show(bool mayRun) => Render<RunJobDialog>(parameters => parameters
        .Add(d => d.Job, new JobRow("j", "Job", "Removes things.", "off", null, true, [])).Add(d => d.Preview, "It would remove 3 pairings.").Add(d => d.MayRun, mayRun)
        .Add(d => d.OnConfirm, EventCallback.Factory.Create(this, () => started = true)));
}
