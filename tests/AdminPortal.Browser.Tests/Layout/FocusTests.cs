using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Pairing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>After every act the focus is where it goes on, and that is in view: a phone does not show the foot of the page before.</summary>
[Collection(PairingCollection.Name)]
public sealed class FocusTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Pairing_StepByStepOnAPhone_HasTheNextStepInViewAndTheFocusInIt()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User, Screen.Phone));
        await desk.OpenAsync();
        await desk.ChooseAsync("Write notes");
        await desk.ShowCode.TapAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Scan this code with the device" })).ToBeFocusedAsync();
        await Expect(desk.Code).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(desk.ShortCode).ToBeInViewportAsync(new() { Ratio = 1 });

        var phone = new PairingPhone((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 403"));
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        var number = await phone.ClaimAsync();
        await Expect(desk.Page.GetByTestId("match-number")).ToBeFocusedAsync();
        await Expect(desk.Page.GetByTestId("match-number")).ToBeInViewportAsync();
        await desk.ConfirmAsync(TwoDigits.NotThis(number));
        await Expect(desk.Failed.GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        await Expect(desk.Failed.GetByRole(AriaRole.Heading)).ToBeInViewportAsync();

        await desk.Failed.GetByRole(AriaRole.Button, new() { Name = "Start again" }).TapAsync();
        await Expect(desk.ShowCode).ToBeVisibleAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();

        await desk.ShowCodeAsync("Write notes");
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(desk.Done.GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Device_AfterASaveAndAfterItsEnd_HasTheFocusOnAHeading()
    {
        const string Owner = "focus-owner";
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync(Owner, 1);
        var page = (await OpenAsync(Person.Admin, Screen.Phone)).Page;
        await page.GotoAsync($"/devices/{TestDevices.IdOf(Owner, 1)}");
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save" });
        await Waiting.UntilAsync(async () =>
        {
            await page.GetByRole(AriaRole.Switch, new() { Name = "View transcripts" }).SetCheckedAsync(true);
            await Expect(save).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await save.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Permissions" })).ToBeFocusedAsync();

        var actions = page.Locator(".act-menu > summary");
        await actions.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Quarantine" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(actions).ToBeFocusedAsync();
        await actions.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
    }
}
