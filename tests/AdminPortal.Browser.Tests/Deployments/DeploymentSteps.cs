using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>What an admin does on the pages of migrations, with the newest migration of the release.</summary>
internal static class DeploymentSteps
{
    /// <summary>The newest migration of the release; a migration that is added after it is to be named here.</summary>
    public const string NewestMigration = "add_sync_lineage";

    /// <summary>Whose index the newest migration but two builds, without locking writers out but waiting for those that are at it.</summary>
    public const string TableOfTheLastIndex = "portal.policy_warnings";

    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 120_000 };

    /// <summary>To the migration before the newest, or further.</summary>
    public static async Task RollBackAsync(IPage page, string target, int migrations = 1)
    {
        await page.GotoAsync($"/migrations/{target}");
        await ConfirmAsync(page, page.Locator(".history button").Nth(migrations - 1), "Roll back", target);
        await ExpectRunDoneAsync(page);
    }

    public static async Task RollBackEverythingAsync(IPage page, string target)
    {
        await page.GotoAsync($"/migrations/{target}");
        await ConfirmAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Roll back everything…" }), "Roll back", target);
        await ExpectRunDoneAsync(page);
    }

    public static async Task ApplyAsync(IPage page, string target, int migrations = 1)
    {
        await page.GotoAsync($"/migrations/{target}");
        var apply = page.GetByRole(AriaRole.Button, new() { Name = migrations == 1 ? "Apply 1 migration…" : $"Apply {migrations} migrations…" });
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
            if (!await dialog.IsVisibleAsync())
                await opener.ClickAsync(new() { Timeout = 2000 });
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
