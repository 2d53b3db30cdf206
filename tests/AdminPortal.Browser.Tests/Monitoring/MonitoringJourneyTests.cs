using System.Globalization;
using System.Text.RegularExpressions;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Pairing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Monitoring;

/// <summary>Support watches the page while somebody pairs a device, and looks further back.</summary>
[Collection(PairingCollection.Name)]
public sealed partial class MonitoringJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Page_ADeviceIsPaired_ShowsItByItself()
    {
        var page = (await OpenAsync(Person.Support)).Page;
        await page.GotoAsync("/monitoring");
        var plot = page.GetByRole(AriaRole.Region, new() { Name = "Devices paired", Exact = true });
        await Waiting.UntilAsync(async () =>
        {
            if (await plot.GetByRole(AriaRole.Table).CountAsync() == 0)
                await plot.GetByRole(AriaRole.Button, new() { Name = "Show as a table" }).ClickAsync();
            await Expect(plot.GetByRole(AriaRole.Table)).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        var before = await PairedAsync(plot);

        await PairAsync();

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        while (await PairedAsync(plot) <= before)
            await Task.Delay(200, timeout.Token);
        await Expect(plot.Locator("svg[role=img]")).ToHaveAttributeAsync("aria-label", Said());

        await page.GetByRole(AriaRole.Link, new() { Name = "90 days" }).ClickAsync();
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/monitoring?range=90d");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "90 days" })).ToHaveAttributeAsync("aria-current", "page");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Growth in 90 days" })).ToBeVisibleAsync();
    }

    [GeneratedRegex("^Devices paired: paired .* at last, .* at most$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Said();

    private static async Task<double> PairedAsync(ILocator plot) =>
        (await plot.Locator("tbody td").AllInnerTextsAsync()).Sum(text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0);

    private async Task PairAsync()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.OpenAsync();
        await desk.ChooseAsync("Write notes");
        await desk.Page.GetByLabel("Name (optional)").FillAsync("Watched phone");
        await desk.ShowCode.ClickAsync();
        await Expect(desk.Code).ToBeVisibleAsync();
        var phone = new PairingPhone(await OpenAsync(Person.Nobody, Screen.Phone));
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
    }
}
