using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Bulk;

/// <summary>Many devices at once: found by filter, previewed, ended, stopped half-way, seen again from another browser.</summary>
public sealed class BulkJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Journey_EndByFilterStoppedHalfWay_KeepsTheRest()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync("Moved", 1500);
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync("/devices?search=Moved");
        await PickAsync(page.Locator("th.tick input"), page, "50 picked");
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all 1,500" }).ClickAsync();
        await PreviewAsync(page, "Revoke");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Revoke 1,500 devices" })).ToBeVisibleAsync();
        var impact = page.GetByRole(AriaRole.Region, new() { Name = "Impact" });
        await Expect(impact).ToContainTextAsync("1 person is left without a working device: Moved");
        await Expect(page.GetByText("This cannot be undone.")).ToBeVisibleAsync();
        await Accessibility.ExpectNoFaultAsync(page, "bulk-preview");

        await using var held = await devices.HoldAsync(TestDevices.IdOf("Moved", 600));
        var start = page.GetByRole(AriaRole.Button, new() { Name = "Revoke 1,500 devices" });
        await Expect(start).ToBeDisabledAsync();
        await page.GetByLabel("Reason").FillAsync("The ward moved");
        await page.GetByLabel("Type 1500 to confirm").FillAsync("1500");
        await start.ClickAsync();
        await Expect(page.GetByText("500 of 1,500 done.")).ToBeVisibleAsync();

        var elsewhere = (await OpenAsync(Person.Admin)).Page;
        await elsewhere.GotoAsync("/runs");
        await elsewhere.GetByRole(AriaRole.Link, new() { Name = "Revoke 1,500 devices" }).ClickAsync();
        var stop = elsewhere.GetByRole(AriaRole.Button, new() { Name = "Stop" });
        await Waiting.UntilAsync(async () =>
        {
            if (await stop.IsEnabledAsync())
                await PressAsync(stop);
            await Expect(elsewhere.GetByText("Stopping")).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await Expect(page.GetByText("Stopping")).ToBeVisibleAsync(); // the first browser hears it too
        await Task.Delay(TimeSpan.FromSeconds(1), Token); // two heartbeats, by which the worker hears it
        await held.RollbackAsync(Token);

        await Expect(page.GetByText("1,000 of 1,500 done, 500 not touched.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Not possible: revoked devices have to be paired again.")).ToBeVisibleAsync();
        Assert.Equal(500, await devices.WorkingAsync("Moved"));
        await Accessibility.ExpectNoFaultAsync(page, "run-stopped");
        await page.GotoAsync("/runs");
        await Expect(page.Locator(".runs")).ToBeVisibleAsync();
        await Accessibility.ExpectNoFaultAsync(page, "runs");
    }

    [Fact]
    public async Task Journey_TickedQuarantined_IsTakenBack()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync("Ticked", 3);
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync("/devices?search=Ticked");
        await PickAsync(page.Locator("td.tick input").First, page, "1 picked");
        await PreviewAsync(page, "Quarantine");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Quarantine 1 device" })).ToBeVisibleAsync();
        await page.GetByLabel("Reason").FillAsync("A drill");
        await page.GetByLabel("Type 1 to confirm").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Quarantine 1 device" }).ClickAsync();
        await Expect(page.GetByText("1 of 1 done.")).ToBeVisibleAsync();
        Assert.Equal(2, await devices.WorkingAsync("Ticked"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Why?").FillAsync("The drill is over");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Release 1 device" })).ToBeVisibleAsync();
        await Expect(page.GetByText("1 of 1 done.")).ToBeVisibleAsync();
        Assert.Equal(3, await devices.WorkingAsync("Ticked"));
    }

    private static Task PickAsync(ILocator box, IPage page, string said) => Waiting.UntilAsync(async () =>
    {
        if (!await box.IsCheckedAsync())
            await box.CheckAsync();
        await Expect(page.Locator(".bulk-bar")).ToContainTextAsync(said, new() { Timeout = 2000 });
    });

    /// <summary>A press that was heard meanwhile leaves a button that nobody can press again; what it did is looked for by the caller.</summary>
    private static async Task PressAsync(ILocator button)
    {
        try
        {
            await button.ClickAsync(new() { Timeout = 2000 });
        }
        catch (TimeoutException)
        {
            Assert.False(await button.IsEnabledAsync(), "The button can be pressed, and could not be reached.");
        }
    }

    /// <summary>Presses again where the first press came before the page was connected.</summary>
    private static Task PreviewAsync(IPage page, string act) => Waiting.UntilAsync(async () =>
    {
        var preview = page.Locator(".bulk-bar button").Last;
        if (await preview.IsVisibleAsync())
        {
            await page.GetByLabel("What to do").SelectOptionAsync(new SelectOptionValue { Label = act });
            await preview.ClickAsync();
        }

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Impact" })).ToBeVisibleAsync(new() { Timeout = 4000 });
    });
}
