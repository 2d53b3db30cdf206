using AdminPortal.Core.Alerts;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Web.Alerts;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Alerts;

/// <summary>What people read before and after "this was not me", what an admin sees of it, and that one decision is one act.</summary>
public sealed class AlertDialogTests : BunitContext
{
    private readonly List<string?> said = [];

    public AlertDialogTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Disown_DoubleClick_ActsOnceAndThenAdvisesANewPassword()
    {
        var answer = new TaskCompletionSource<bool>();
        var dialog = Disown(answer.Task);
        Assert.Contains("suspended at once", dialog.Markup, StringComparison.Ordinal);
        dialog.Find("input").Input(" not my phone ");
        var button = dialog.FindAll("button").Single(b => b.TextContent.StartsWith("Not me", StringComparison.Ordinal));

        var first = button.ClickAsync(new MouseEventArgs());
        var second = button.ClickAsync(new MouseEventArgs());
        answer.SetResult(true);
        await Task.WhenAll(first, second);

        Assert.Equal(["not my phone"], said);
        Assert.Equal("/account", dialog.Find("a").GetAttribute("href"));
        Assert.Contains("Change your password now", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disown_NotDone_KeepsTheDialogAsItWas()
    {
        var dialog = Disown(Task.FromResult(false));

        await dialog.FindAll("button").Single(b => b.TextContent.StartsWith("Not me", StringComparison.Ordinal)).ClickAsync(new MouseEventArgs());

        Assert.Empty(dialog.FindAll("a"));
    }

    [Fact]
    public void Conclude_WithoutWords_CannotBeDone()
    {
        var dialog = Render<ConcludeDialog>(parameters => parameters.Add(d => d.Alert, Alert(DeviceStatus.Quarantined)).Add(d => d.Act, _ => Task.FromResult(true)));

        Assert.True(Button().HasAttribute("disabled"));
        dialog.Find("textarea").Input("looked at it");
        Assert.False(Button().HasAttribute("disabled"));

        AngleSharp.Dom.IElement Button() => dialog.FindAll("button").Single(b => b.TextContent == "Close the alert");
    }

    [Theory]
    [InlineData(true, DeviceStatus.Quarantined, "End device", "Release", "Conclude…")]
    [InlineData(true, DeviceStatus.Revoked, "Conclude…")]
    [InlineData(true, DeviceStatus.Active, "End device", "Conclude…")]
    [InlineData(false, DeviceStatus.Quarantined)]
    public void Card_ByRoleAndState_OffersOnlyWhatMakesSense(bool admin, DeviceStatus status, params string[] acts)
    {
        var card = Render<AlertCard>(parameters => parameters.Add(c => c.Alert, Alert(status)).Add(c => c.CanAct, admin));

        Assert.Equal(acts, card.FindAll("button").Select(b => b.TextContent.Trim()));
        Assert.Contains("192.0.2.7", card.Markup, StringComparison.Ordinal);
    }

    private static AlertRow Alert(DeviceStatus status)
    {
        var at = new DateTime(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);
        return new AlertRow(
            "a1", "disowned", "u1", "Anna Lim", "p1", "Ward phone", new DateTimeOffset(at), "anna@example.org", "I was on leave", null, null, null,
            new DeviceRow("p1", "device-1", DeviceType.MobileIos, "Ward phone", "u1", "Anna Lim", "anna@example.org", status, at, at, at.AddDays(9), 2),
            "192.0.2.7", "an agent", []);
    }

    private IRenderedComponent<DisownDialog> Disown(Task<bool> answer) => Render<DisownDialog>(parameters => parameters
        .Add(d => d.Device, "Ward phone")
        .Add(d => d.Act, note =>
        {
            said.Add(note);
            return answer;
        }));
}
