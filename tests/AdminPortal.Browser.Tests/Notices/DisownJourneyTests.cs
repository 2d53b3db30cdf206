using System.Diagnostics;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Pairing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Notices;

/// <summary>A person hears of a new device, says that it was not theirs, and an admin who looks at the alerts ends it and concludes.</summary>
[Collection(PairingCollection.Name)]
public sealed class DisownJourneyTests(RunningPortal portal, Chromium chromium, ITestOutputHelper output) : PortalTest(portal, chromium)
{
    private const string DeviceName = "Phone of a stranger";

    [Fact]
    public async Task Journey_NewDeviceThatWasNotMine_IsSuspendedLookedAtAndEnded()
    {
        var admin = (await OpenAsync(Person.Admin)).Page;
        await admin.GotoAsync("/alerts");
        await Expect(admin.Locator(".empty-state, .alerts")).ToBeVisibleAsync();
        var watcher = (await OpenAsync(Person.User)).Page;
        await watcher.GotoAsync("/notices");
        await Expect(watcher.Locator(".empty-state, .notices")).ToBeVisibleAsync();

        await PairAsync();
        var sincePaired = Stopwatch.StartNew();
        var notice = watcher.GetByRole(AriaRole.Article).Filter(new() { HasText = DeviceName }).First;
        await Expect(notice).ToContainTextAsync("New device paired", new() { Timeout = 3000 });
        output.WriteLine($"The open page told of the new device {sincePaired.ElapsedMilliseconds} ms after the phone said so.");
        await Expect(watcher.GetByTestId("unread")).ToBeVisibleAsync();

        await notice.GetByRole(AriaRole.Button, new() { Name = "This was not me" }).ClickAsync();
        var dialog = watcher.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("What do you know about it?").FillAsync("I was at home that day");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Not me: quarantine it" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "Change your password" })).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Expect(notice).Not.ToContainTextAsync("Unread");

        var alert = admin.GetByRole(AriaRole.Article).Filter(new() { HasText = DeviceName });
        await Expect(alert).ToContainTextAsync("I was at home that day", new() { Timeout = 3000 });
        await Expect(alert).ToContainTextAsync("Quarantined");
        await EndAndConcludeAsync(admin, alert);

        await Expect(watcher.GetByRole(AriaRole.Article).First).ToContainTextAsync("Ended, and the account's password was changed.", new() { Timeout = 3000 });
        await admin.GotoAsync("/alerts?show=closed");
        await Expect(alert).ToContainTextAsync("Ended, and the account's password was changed.");
        await SupportSeesItAsync();
    }

    private async Task PairAsync()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.OpenAsync();
        await desk.ChooseAsync("Write notes");
        await desk.Page.GetByLabel("Name (optional)").FillAsync(DeviceName);
        await desk.ShowCode.ClickAsync();
        await Expect(desk.Code).ToBeVisibleAsync();
        var phone = new PairingPhone((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 401")); // it hears that its pairing ended, asks once more, and is told 401
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToBeVisibleAsync();
        phone.Visitor.Tolerate("status of 401");
    }

    private static async Task EndAndConcludeAsync(IPage admin, ILocator alert)
    {
        await alert.GetByRole(AriaRole.Button, new() { Name = $"Revoke {DeviceName}" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync($"“{DeviceName}” of");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(alert.Locator(".panel-head")).ToContainTextAsync("Revoked");

        await alert.GetByRole(AriaRole.Button, new() { Name = $"Conclude on {DeviceName}" }).ClickAsync();
        await dialog.GetByLabel("What did you find out and do?").FillAsync("Ended, and the account's password was changed.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close the alert" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(alert).ToHaveCountAsync(0);
    }

    /// <summary>Support finds the whole story in the record, and no button in the alerts.</summary>
    private async Task SupportSeesItAsync()
    {
        var support = (await OpenAsync(Person.Support)).Page;
        await support.GotoAsync("/alerts?show=closed");
        var alert = support.GetByRole(AriaRole.Article).Filter(new() { HasText = DeviceName });
        await Expect(alert).ToBeVisibleAsync();
        await Expect(alert.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await support.GotoAsync("/activity?kind=disowned");
        await Expect(support.GetByRole(AriaRole.Listitem).Filter(new() { HasText = DeviceName }).First).ToContainTextAsync("this was not me");
    }
}
