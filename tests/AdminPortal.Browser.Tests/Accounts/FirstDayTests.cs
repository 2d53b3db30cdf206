using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Accounts;

/// <summary>The first admin wants to pair a device, and links their account to a user without knowing an id.</summary>
public sealed class FirstDayTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Pair_ByTheFirstAdmin_LeadsToTheirOwnLink()
    {
        var page = (await OpenAsync(Person.FirstAdmin)).Page;
        await page.GotoAsync("/pair");
        await Expect(page.GetByText("An administrator links")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Link your account" }).ClickAsync();

        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Linked user").FillAsync("chiara");
        await dialog.GetByRole(AriaRole.List, new() { Name = "Users found" }).GetByRole(AriaRole.Button).First.ClickAsync();

        await Expect(dialog).ToContainTextAsync("Chiara");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Link this user" })).ToBeEnabledAsync();
    }
}
