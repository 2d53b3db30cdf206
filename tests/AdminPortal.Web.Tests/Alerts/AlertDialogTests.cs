using AdminPortal.Core.Alerts;
using AdminPortal.Core.Devices;
using AdminPortal.Data.Devices;
using AdminPortal.Web.Alerts;
using AdminPortal.Web.Tests.Layout;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace AdminPortal.Web.Tests.Alerts;

/// <summary>What people read before and after "this was not me", what an admin sees of it, and that one decision is one act.</summary>
public sealed class AlertDialogTests : MudContext
{
    private readonly List<string?> said = [];

    public AlertDialogTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public async Task Disown_DoubleClick_ActsOnceAndThenAdvisesANewPassword()
    {
        var answer = new TaskCompletionSource<bool>();
        await DisownAsync(answer.Task);
        Assert.Contains("quarantined at once", Dialogs.Markup, StringComparison.Ordinal);
        await Dialogs.Find("#disown-note").InputAsync(new ChangeEventArgs { Value = " not my phone " });

        await ConfirmTwiceAsync("Not me: quarantine it", () => answer.SetResult(true));

        Assert.Equal(["not my phone"], said);
        Assert.Equal("/account", Dialogs.Find("a").GetAttribute("href"));
        Assert.Contains("Change your password now", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disown_NotDone_KeepsTheDialogAsItWas()
    {
        await DisownAsync(Task.FromResult(false));

        await DialogButton("Not me: quarantine it").ClickAsync(new MouseEventArgs());

        Assert.Empty(Dialogs.FindAll("a"));
    }

    [Fact]
    public async Task Conclude_WithoutWords_CannotBeDone()
    {
        await OpenAsync(new DialogParameters<ConcludeDialog> { { dialog => dialog.Alert, Alert(DeviceStatus.Quarantined) }, { dialog => dialog.Act, _ => Task.FromResult(true) } });

        Assert.True(DialogButton("Close the alert").HasAttribute("disabled"));
        await Dialogs.Find("textarea").InputAsync(new ChangeEventArgs { Value = "looked at it" });
        Assert.False(DialogButton("Close the alert").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData(true, DeviceStatus.Quarantined, "Revoke device", "Release", "Conclude…")]
    [InlineData(true, DeviceStatus.Revoked, "Conclude…")]
    [InlineData(true, DeviceStatus.Active, "Revoke device", "Conclude…")]
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

    private Task<IDialogReference> DisownAsync(Task<bool> answer) => OpenAsync(new DialogParameters<DisownDialog>
    {
        { dialog => dialog.Device, "Ward phone" },
        {
            dialog => dialog.Act, note =>
            {
                said.Add(note);
                return answer;
            }
        },
    });
}
