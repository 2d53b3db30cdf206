using AdminPortal.Core.Devices;
using AdminPortal.Web.Devices;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>The receipt in words, and the dialogs of quarantining and releasing.</summary>
public sealed class ReceiptPanelTests : MudContext
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
        await OpenAsync(new DialogParameters<QuarantineDialog>
        {
            { dialog => dialog.Title, "Ward phone" }, { dialog => dialog.Person, "Anna Lim" }, { dialog => dialog.Act, reason => DoAsync(reason, answer.Task) },
        });
        Assert.Contains("“Ward phone” of Anna Lim", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("gives everything back", Dialogs.Markup, StringComparison.Ordinal);
        Assert.True(DialogButton("Quarantine device").HasAttribute("disabled"));
        await Dialogs.Find("#quarantine-reason").InputAsync(new ChangeEventArgs { Value = " lost " });

        await ConfirmTwiceAsync("Quarantine device", answer.SetResult);

        Assert.Equal(["lost"], done);
    }

    [Fact]
    public async Task Release_WithoutReason_SaysWhyItWasQuarantined()
    {
        await OpenAsync(new DialogParameters<ReleaseDialog>
        {
            { dialog => dialog.Title, "Ward phone" }, { dialog => dialog.Person, "Anna Lim" }, { dialog => dialog.Why, "lost" },
            { dialog => dialog.Act, reason => DoAsync(reason, Task.CompletedTask) },
        });
        Assert.Contains("because: lost", Dialogs.Markup, StringComparison.Ordinal);

        await DialogButton("Release device").ClickAsync(new MouseEventArgs());

        Assert.Equal([null], done);
    }

    private async Task<bool> DoAsync(string? reason, Task answer)
    {
        done.Add(reason);
        await answer;
        return true;
    }

    private IRenderedComponent<ReceiptPanel> Show(DeviceReceipt receipt) => Render<ReceiptPanel>(p => p.Add(r => r.Receipt, receipt));
}
