using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>An admin brings a release from staging to main and takes it back again; the checklist says at each point what is proven.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class DeploymentJourneyTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 120_000 };

    [Fact]
    public async Task Release_FromStagingToMain_IsProvenAndTakenBack()
    {
        var page = (await OpenAsync(Person.Admin)).Page;
        await RollBackAsync(page, "staging");
        await RollBackAsync(page, "main");

        await page.GotoAsync("/migrations/main");
        await Expect(page.GetByText("“staging” has to come first")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Apply 1 migration…" })).ToBeDisabledAsync();
        await ApplyAsync(page, "staging");
        await ExpectRunDoneAsync(page);

        await page.GotoAsync("/migrations/main");
        await Expect(page.GetByText("“staging” ran the same SQL and was verified since")).ToBeVisibleAsync();
        await ApplyAsync(page, "main");
        await page.ReloadAsync(); // the run does not belong to the tab
        await ExpectRunDoneAsync(page);
        await Expect(page.GetByText("Take a backup of main")).ToBeVisibleAsync();
        await Expect(page.GetByText("Verify the database")).ToBeVisibleAsync();

        await page.GotoAsync("/deployments/main");
        foreach (var line in new[] { "staging", "endpoints", "error-log", "indexes", "rollback" })
            await Expect(page.Locator($"[data-line={line}]")).ToContainTextAsync("Proven");
        await page.Locator("[data-line=backup]").GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Prove by a restore" }).ClickAsync();
        await ExpectRunDoneAsync(page);
        await page.GotoAsync("/deployments/main");
        await Expect(page.Locator(".page-head .badge")).ToHaveTextAsync("Complete");
        await page.GetByRole(AriaRole.Link, new() { Name = "Report to print" }).ClickAsync();
        await Expect(page.Locator(".report")).ToContainTextAsync("add_sync_protocol_sessions_by_task");
        await Expect(page.Locator(".report")).ToContainTextAsync("Passed");

        await RollBackAsync(page, "main");
        await Expect(page.GetByText("Verify the database")).ToBeVisibleAsync();
        await page.GotoAsync("/deployments/main");
        await Expect(page.GetByText("Taken back", new() { Exact = true })).ToBeVisibleAsync();
        await ApplyAsync(page, "main");
        await ExpectRunDoneAsync(page);
    }

    /// <summary>To the migration before the newest.</summary>
    private static async Task RollBackAsync(IPage page, string target)
    {
        await page.GotoAsync($"/migrations/{target}");
        await ConfirmAsync(page, page.Locator(".history button").First, "Roll back", target);
        await ExpectRunDoneAsync(page);
    }

    private static async Task ApplyAsync(IPage page, string target)
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
    private static async Task ExpectRunDoneAsync(IPage page) =>
        await Expect(page.Locator(".page-head .badge", new() { HasText = "Done" })).ToBeVisibleAsync(Patiently);
}
