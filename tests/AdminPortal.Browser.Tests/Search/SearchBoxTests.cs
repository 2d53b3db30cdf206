using System.Text.RegularExpressions;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Search;

/// <summary>The search box, by keyboard alone.</summary>
public sealed class SearchBoxTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Find_ByASupportAccount_LeadsToPersonDeviceAndPage()
    {
        var page = (await OpenAsync(Person.Support)).Page;
        await page.GotoAsync("/my-devices");
        await FindAsync(page, "/", "chiara");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Chiara (sample)");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/users/sample-chiara");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();

        await FindAsync(page, "Control+k", "device-010");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("A tablet with a rather long name");

        await FindAsync(page, "Control+k", "sync stat");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("found.");
        await page.Keyboard.PressAsync("ArrowUp"); // from the first to the last: pages come last
        await Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveTextAsync("Sync status");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/sync");
    }

    [Fact]
    public async Task Find_APerson_HasTheirDevicesWithTheirSync_AndIsRecentAfterwards()
    {
        var page = (await OpenAsync(Person.Support)).Page;
        await page.GotoAsync("/my-devices");
        await FindAsync(page, "Control+k", "chiara");
        await Expect(page.Locator(".search-hit.part").Filter(new() { HasText = "It is quarantined" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/devices/[^/?]+$", RegexOptions.None, TimeSpan.FromSeconds(1)));

        await FindAsync(page, "Control+k", "");
        await page.GetByRole(AriaRole.Combobox).FillAsync("");
        await Expect(page.Locator(".search-kind").GetByText("Recent", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox).FillAsync("dark");
        await page.GetByRole(AriaRole.Option, new() { Name = "Dark colours" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Find_ByAUser_KnowsOnlyTheirOwn()
    {
        var page = (await OpenAsync(Person.User)).Page;
        await page.GotoAsync("/my-devices");
        await FindAsync(page, "Control+k", "sample-device");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox).FillAsync("goran");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Nothing found");
        await page.GetByRole(AriaRole.Combobox).FillAsync("accounts");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Nothing found");
    }

    [Fact]
    public async Task Find_EscapeAndTyping_LeaveThePageAsItWas()
    {
        var page = (await OpenAsync(Person.Support)).Page;
        await page.GotoAsync("/devices");
        var field = page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" });
        await Expect(page.Locator(".pager")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync(); // the page gives the focus to its heading once, when it has come
        await field.FocusAsync();
        await page.Keyboard.TypeAsync("a/b");
        await Expect(field).ToHaveValueAsync("a/b"); // a slash is a slash where one types
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(field).ToBeFocusedAsync();
    }

    /// <summary>Presses again where the first press came before the page was connected.</summary>
    private static async Task FindAsync(IPage page, string keys, string text)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Waiting.UntilAsync(async () =>
        {
            if (!await page.GetByRole(AriaRole.Dialog).IsVisibleAsync())
                await page.Keyboard.PressAsync(keys);
            await Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync(new() { Timeout = 2000 });
        });
        await page.Keyboard.TypeAsync(text);
    }
}
