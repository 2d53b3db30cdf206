using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>What an admin does on the pages of migrations, with the newest migration of the release.</summary>
internal static class DeploymentSteps
{
    /// <summary>The newest migration of the release; a migration that is added after it is to be named here.</summary>
    public const string NewestMigration = "add_activity_events_by_run";

    /// <summary>Whose index that migration builds, without locking writers out but waiting for those that are at it.</summary>
    public const string NewestTable = "portal.device_events";

    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 120_000 };

    /// <summary>To the migration before the newest.</summary>
    public static async Task RollBackAsync(IPage page, string target)
    {
        await page.GotoAsync($"/migrations/{target}");
        await ConfirmAsync(page, page.Locator(".history button").First, "Roll back", target);
        await ExpectRunDoneAsync(page);
    }

    public static async Task ApplyAsync(IPage page, string target)
    {
        await page.GotoAsync($"/migrations/{target}");
        var apply = page.GetByRole(AriaRole.Button, new() { Name = "Apply 1 migration…" });
        var approve = page.GetByRole(AriaRole.Button, new() { Name = "Approve what is shown" });
        await Waiting.UntilAsync(async () =>
        {
            if (await approve.IsVisibleAsync())
                await approve.ClickAsync();
            await Expect(apply).ToBeEnabledAsync(new() { Timeout = 3000 });
        });
        await ConfirmAsync(page, apply, "Apply", target);
    }

    private static async Task ConfirmAsync(IPage page, ILocator opener, string button, string target)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Waiting.UntilAsync(async () =>
        {
            await opener.ClickAsync();
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await dialog.Locator("#operation-reason").FillAsync("The way from one release to the next");
        if (await dialog.Locator("#operation-name").IsVisibleAsync())
            await dialog.Locator("#operation-name").FillAsync(target);
        await dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/runs/*");
    }

    /// <summary>The run's own state: its steps have badges too, and are done before it is.</summary>
    public static async Task ExpectRunDoneAsync(IPage page) =>
        await Expect(page.Locator(".page-head .badge", new() { HasText = "Done" })).ToBeVisibleAsync(Patiently);
}
