using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Backups;

/// <summary>An admin takes a backup, proves it, downloads it, and restores it into a new database; support sees it and can do none of that.</summary>
public sealed class BackupJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 60_000 };

    [Fact]
    public async Task Backup_TakenProvenRestored_ByAnAdminAlone()
    {
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync("/backups");
        await page.GetByRole(AriaRole.Button, new() { Name = "Back up now: main" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Back up main" })).ToBeVisibleAsync();
        await ExpectRunDoneAsync(page);

        await page.GotoAsync("/backups");
        var main = page.GetByRole(AriaRole.Region, new() { Name = "main", Exact = true });
        await Expect(main).ToContainTextAsync("Not proven by a restore");
        await main.Locator(".rows a").First.ClickAsync();
        var address = page.Url;
        await page.GetByRole(AriaRole.Button, new() { Name = "Prove by a restore" }).ClickAsync();
        await ExpectRunDoneAsync(page);

        await page.GotoAsync(address);
        var downloading = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync();
        var download = await downloading;
        Assert.StartsWith("main-", download.SuggestedFilename, StringComparison.Ordinal);
        await using (var file = await download.CreateReadStreamAsync())
        {
            var head = new byte[5];
            await file.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
            Assert.Equal("PGDMP"u8.ToArray(), head);
        }

        await page.GetByLabel("Name of the new database").FillAsync("main_copy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore into a new database" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "into the new database main_copy" })).ToBeVisibleAsync();
        await ExpectRunDoneAsync(page);

        var support = (await OpenAsync(Person.Support)).Page;
        await support.GotoAsync(address);
        await Expect(support.GetByText("SHA-256")).ToBeVisibleAsync();
        await Expect(support.GetByRole(AriaRole.Link, new() { Name = "Download" })).ToHaveCountAsync(0);
        await Expect(support.GetByRole(AriaRole.Button, new() { Name = "Restore into a new database" })).ToHaveCountAsync(0);
        var refused = await support.GotoAsync(new Uri(address).AbsolutePath + "/file");
        Assert.Contains("/not-allowed", refused!.Url, StringComparison.Ordinal);
    }

    /// <summary>The run's own state: its steps have badges too, and are done before it is.</summary>
    private static async Task ExpectRunDoneAsync(IPage page) =>
        await Expect(page.Locator(".page-head .badge", new() { HasText = "Done" })).ToBeVisibleAsync(Patiently);
}
