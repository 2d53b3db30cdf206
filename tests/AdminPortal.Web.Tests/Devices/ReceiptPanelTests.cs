using AdminPortal.Core.Devices;
using AdminPortal.Web.Devices;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The receipt in words, and the dialogs of suspending and releasing.</summary>
public sealed class ReceiptPanelTests : BunitContext
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 10, 2, 3, TimeSpan.Zero);
    private readonly List<string?> done = [];

    public ReceiptPanelTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Panel_JustEnded_ShowsWhatIsStillWaitedFor()
    {
        var steps = Show(new DeviceReceipt(At, At, null, 0, null, 0, null, null)).FindAll("li");

        Assert.Equal(["past", "past", "waiting", "waiting"], steps.Select(s => s.ClassName));
        Assert.Contains("10:02:03", steps[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("being cut", steps[2].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "No live connection was open")]
    [InlineData(1, "1 live connection cut")]
    [InlineData(3, "3 live connections cut")]
    public void Panel_ConnectionsCut_SaysHowMany(int cut, string words) =>
        Assert.Contains(words, Show(new DeviceReceipt(At, At, At, cut, At, 0, null, null)).Markup, StringComparison.Ordinal);

    [Fact]
    public void Panel_StillCalling_SaysHowOftenAndFromWhere()
    {
        var text = Show(new DeviceReceipt(At, At, At, 0, null, 12, At, "192.0.2.7")).Find(".still-calling").TextContent;

        Assert.Contains("Still calling: 12 times, last 10 Mar 2026, 10:02:03 UTC from 192.0.2.7", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quarantine_NeedsAReason_AndActsOnce()
    {
        var answer = new TaskCompletionSource();
        var dialog = Render<QuarantineDialog>(p => p.Add(d => d.Title, "Ward phone").Add(d => d.Person, "Anna Lim")
            .Add(d => d.OnConfirm, EventCallback.Factory.Create<string>(this, reason => Done(reason, answer.Task))));
        Assert.Contains("“Ward phone” of Anna Lim", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("gives everything back", dialog.Markup, StringComparison.Ordinal);
        Assert.True(Button(dialog, "Quarantine device").HasAttribute("disabled"));
        dialog.Find("input").Input(" lost ");

        var button = Button(dialog, "Quarantine device");
        var clicks = new[] { button.ClickAsync(new MouseEventArgs()), button.ClickAsync(new MouseEventArgs()) };
        answer.SetResult();
        await Task.WhenAll(clicks);

        Assert.Equal(["lost"], done);
    }

    [Fact]
    public async Task Release_WithoutReason_SaysWhyItWasSuspended()
    {
        var dialog = Render<ReleaseDialog>(p => p.Add(d => d.Title, "Ward phone").Add(d => d.Person, "Anna Lim").Add(d => d.Suspended, "lost")
            .Add(d => d.OnConfirm, EventCallback.Factory.Create<string?>(this, reason => Done(reason, Task.CompletedTask))));
        Assert.Contains("because: lost", dialog.Markup, StringComparison.Ordinal);

        await Button(dialog, "Release device").ClickAsync(new MouseEventArgs());

        Assert.Equal([null], done);
    }

    private Task Done(string? reason, Task answer)
    {
        done.Add(reason);
        return answer;
    }

    private static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> dialog, string text)
        where T : IComponent => dialog.FindAll("button").Single(b => b.TextContent == text);

    private IRenderedComponent<ReceiptPanel> Show(DeviceReceipt receipt) => Render<ReceiptPanel>(p => p.Add(r => r.Receipt, receipt));
}
