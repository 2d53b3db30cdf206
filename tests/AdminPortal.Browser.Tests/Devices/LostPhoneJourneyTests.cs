using System.Net;
using System.Net.Http.Headers;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Devices;

/// <summary>A phone is lost: suspended first, ended when it does not turn up, with the receipt watched. Support watches too and changes nothing.</summary>
public sealed class LostPhoneJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Journey_QuarantinedReleasedQuarantinedEnded_TheReceiptTellsEachStep()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync("Lost", 1);
        using var phone = new HttpClient { BaseAddress = new Uri(Portal.Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestDevices.TokenOf("Lost", 1)) } };
        using var live = await phone.GetAsync(new Uri("/api/devices/me/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync($"/devices/{TestDevices.IdOf("Lost", 1)}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Lost phone 1" })).ToBeVisibleAsync();

        await DoAsync(page, "Quarantine", "Quarantine this device?", dialog => dialog.GetByLabel("Why?").FillAsync("Left in the tram"), "Quarantine device");
        var receipt = page.GetByRole(AriaRole.Region, new() { Name = "Quarantine status" });
        await Expect(receipt).ToContainTextAsync("1 live connection cut");
        Assert.Equal(HttpStatusCode.Unauthorized, (await phone.GetAsync(new Uri("/api/qr/pair", UriKind.Relative), Token)).StatusCode);
        await Expect(receipt).ToContainTextAsync("Still calling: once", new() { Timeout = 5000 });
        await Accessibility.ExpectNoFaultAsync(page, "device-quarantined-receipt");

        await DoAsync(page, "Release", "Release this device?", _ => Task.CompletedTask, "Release device");
        await Expect(receipt).ToBeHiddenAsync();
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(new Uri("/api/qr/pair", UriKind.Relative), Token)).StatusCode);

        await DoAsync(page, "Quarantine", "Quarantine this device?", dialog => dialog.GetByLabel("Why?").FillAsync("Lost again"), "Quarantine device");
        await DoAsync(page, "Revoke device", "Revoke this device?", dialog => dialog.GetByLabel("Reason").FillAsync("Did not turn up"), "Revoke device");
        receipt = page.GetByRole(AriaRole.Region, new() { Name = "Revocation status" });
        await Expect(receipt).ToContainTextAsync("No live connection was open");
        await Expect(receipt).ToContainTextAsync("The device has not confirmed it yet");
        using var acknowledged = await phone.PostAsync(new Uri("/api/devices/me/ack", UriKind.Relative), null, Token);
        Assert.Equal(HttpStatusCode.OK, acknowledged.StatusCode);
        await Expect(receipt).ToContainTextAsync("The device confirmed it");
        await Expect(receipt.Locator("li.past")).ToHaveCountAsync(4);
        foreach (var step in await receipt.Locator("li").AllInnerTextsAsync())
            Assert.Contains(":", step, StringComparison.Ordinal); // its time
    }

    [Fact]
    public async Task Journey_Support_SeesEverythingAndCanChangeNothing()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync("Watched", 2);
        var page = (await OpenAsync(Person.Support)).Page;

        await page.GotoAsync("/devices?search=Watched");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Watched phone 1" })).ToBeVisibleAsync();
        await Expect(page.Locator(".bulk-bar")).ToHaveCountAsync(0);
        await page.GotoAsync($"/devices/{TestDevices.IdOf("Watched", 1)}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Watched phone 1" })).ToBeVisibleAsync();
        await Expect(page.Locator("main button:not([disabled], .copy, .send)")).ToHaveCountAsync(0);
        await page.GotoAsync("/users/Watched");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Watched" })).ToBeVisibleAsync();
        await Expect(page.Locator("main button:not([disabled], .copy, .send)")).ToHaveCountAsync(0);
        await page.GotoAsync("/runs");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Runs", Level = 1 })).ToBeVisibleAsync();
        await page.GotoAsync("/devices/bulk/none");
        await Expect(page.GetByText("Your role does not include this page")).ToBeVisibleAsync();
        Assert.Equal(2, await devices.WorkingAsync("Watched"));
    }

    /// <summary>Presses again where the first press came before the page was connected.</summary>
    private static async Task DoAsync(IPage page, string opener, string title, Func<ILocator, Task> fill, string confirm)
    {
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = title });
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
            {
                if (!await page.Locator(".act-menu").EvaluateAsync<bool>("menu => menu.open"))
                    await page.Locator(".act-menu > summary").ClickAsync();
                await page.GetByRole(AriaRole.Button, new() { Name = opener, Exact = true }).ClickAsync(new() { Timeout = 2000 });
            }

            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await fill(dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = confirm }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }
}
