using AdminPortal.Web.DevicePolicies;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>An exemption needs a reason, and is made once however often the button is clicked.</summary>
public sealed class ExemptDialogTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly List<(string Reason, DateTimeOffset? Until)> answers = [];
    private readonly TaskCompletionSource hold = new();

    [Fact]
    public async Task Exempt_WithoutReason_AsksForIt()
    {
        var dialog = Show();

        await Confirm(dialog).ClickAsync(new MouseEventArgs());

        Assert.Empty(answers);
        Assert.Contains("needs a reason", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exempt_ClickedTwice_AnswersOnceWithReasonAndEnd()
    {
        var dialog = Show();
        await dialog.Find("#exempt-reason").InputAsync(new ChangeEventArgs { Value = " On leave. " });
        await dialog.Find("#exempt-until").ChangeAsync(new ChangeEventArgs { Value = "90" });

        var first = Confirm(dialog).ClickAsync(new MouseEventArgs());
        var second = Confirm(dialog).ClickAsync(new MouseEventArgs());
        hold.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal([("On leave.", Now.AddDays(90))], answers);
    }

    private static AngleSharp.Dom.IElement Confirm(IRenderedComponent<ExemptDialog> dialog) => dialog.FindAll("button").Single(b => b.TextContent == "Exempt");

    private IRenderedComponent<ExemptDialog> Show() => Render<ExemptDialog>(parameters => parameters
        .Add(d => d.What, "The policy leaves “Ward phone” alone.").Add(d => d.Now, () => Now)
        .Add(d => d.OnConfirm, EventCallback.Factory.Create<(string, DateTimeOffset?)>(this, async answer =>
        {
            answers.Add(answer);
            await hold.Task;
        })));
}
