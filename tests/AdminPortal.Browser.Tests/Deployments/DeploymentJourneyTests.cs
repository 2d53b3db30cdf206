using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static AdminPortal.Browser.Tests.Deployments.DeploymentSteps;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>An admin brings a release from staging to main and takes it back again; the checklist says at each point what is proven.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class DeploymentJourneyTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
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
        await Expect(page.Locator(".report")).ToContainTextAsync(NewestMigration);
        await Expect(page.Locator(".report")).ToContainTextAsync("Passed");

        await RollBackAsync(page, "main");
        await Expect(page.GetByText("Verify the database")).ToBeVisibleAsync();
        await page.GotoAsync("/deployments/main");
        await Expect(page.GetByText("Taken back", new() { Exact = true })).ToBeVisibleAsync();
        await ApplyAsync(page, "main");
        await ExpectRunDoneAsync(page);
    }
}
