using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Accounts;

/// <summary>A tab left open: whoever comes back to it shows again that it is them, and loses nothing of what they typed.</summary>
public sealed class FreshSignInJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private readonly string agent = $"Chrome/1 {Guid.CreateVersion7():N}";

    [Fact]
    public async Task NewAccount_InATabLeftOpen_TakesThePasswordInTheDialog()
    {
        await using var context = await SignInAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/accounts");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
                await page.GetByRole(AriaRole.Button, new() { Name = "New account" }).ClickAsync();
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 3000 });
        });
        var email = $"fresh-{Guid.CreateVersion7():N}@portal.example";
        await dialog.GetByLabel("E-mail").FillAsync(email);
        await Expect(dialog.GetByLabel("Your password")).ToHaveCountAsync(0);
        await LeaveAsync(); // with the dialog open
        var create = dialog.GetByRole(AriaRole.Button, new() { Name = "Create the account" });
        await create.ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Type your password.");
        await Expect(dialog.GetByLabel("E-mail")).ToHaveValueAsync(email);
        await dialog.GetByLabel("Your password").FillAsync("not the password");
        await create.ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("That is not your password.");
        await dialog.GetByLabel("Your password").FillAsync(Portal.CredentialsOf(Person.FirstAdmin).Password);
        await create.ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status).First).ToContainTextAsync($"The account for {email} exists.");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await LeaveAsync();
        await page.GetByLabel("Search by e-mail or user id").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Manage {email}" }).ClickAsync();
        await Expect(dialog.GetByLabel("Your password")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disable…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Disable {email}" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Type your password.");
        await dialog.GetByLabel("Your password").FillAsync(Portal.CredentialsOf(Person.FirstAdmin).Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Disable {email}" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Disabled");
        await Expect(dialog.GetByLabel("Your password")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Export_InATabLeftOpen_AsksAndThenDownloads()
    {
        await using var context = await SignInAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/devices");
        await Expect(page.Locator("table").First).ToBeVisibleAsync();
        var direct = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync();
        Assert.Equal("devices.csv", (await direct).SuggestedFilename);
        Assert.EndsWith("/devices", page.Url, StringComparison.Ordinal);
        await LeaveAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confirm that it is you" })).ToBeVisibleAsync();
        await page.GetByLabel("Your password").FillAsync(Portal.CredentialsOf(Person.FirstAdmin).Password);
        var asked = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();

        Assert.Equal("devices.csv", (await asked).SuggestedFilename);
        await Expect(page.GetByText("It is you. What you asked for is on its way.")).ToBeVisibleAsync();
    }

    private async Task<IBrowserContext> SignInAsync() => await Browser.NewContextAsync(new()
    {
        BaseURL = Portal.Url,
        StorageState = await SignInPage.StateAsync(Browser, Portal.Url, Portal.CredentialsOf(Person.FirstAdmin), agent),
    });

    /// <summary>As if the session of this test had started, and been confirmed, six minutes earlier.</summary>
    private Task LeaveAsync() => Portal.OnPortalDatabaseAsync($"""
        UPDATE portal.account_sessions SET "startedAt" = "startedAt" - interval '6 minutes', "confirmedAt" = "confirmedAt" - interval '6 minutes' WHERE "userAgent" = '{agent}'
        """);
}
