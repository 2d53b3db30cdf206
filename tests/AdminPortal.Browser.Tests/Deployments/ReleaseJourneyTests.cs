using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static AdminPortal.Browser.Tests.Deployments.DeploymentSteps;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Deployments;

/// <summary>An admin brings a release from staging to main on one page, by what each lane names as next; the number of clicks may not grow.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class ReleaseJourneyTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const int MostClicks = 8;
    private int clicks;

    [Fact]
    public async Task Release_FromStagingToMain_TakesEightClicks()
    {
        var page = (await OpenAsync(Person.Admin)).Page;
        await RollBackAsync(page, "main");
        await RollBackAsync(page, "staging");
        await page.GotoAsync("/targets");

        foreach (var target in new[] { "staging", "main" })
        {
            await NextAsync(page, "Back up and prove", target);
            await NextAsync(page, "Approve this SQL", target);
            await NextAsync(page, "Apply 1 migration…", target);
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
            clicks++;
            await Expect(Lane(page, target).Locator("[data-step=verify].done")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        }

        await Expect(Lane(page, "main")).ToContainTextAsync("Done.");
        Assert.InRange(clicks, 1, MostClicks);
    }

    private async Task NextAsync(IPage page, string button, string target)
    {
        await Lane(page, target).GetByRole(AriaRole.Button, new() { Name = $"{button}: {target}" }).ClickAsync(new() { Timeout = 120_000 });
        clicks++;
    }

    private static ILocator Lane(IPage page, string target) => page.Locator(".lane", new() { Has = page.Locator($"#target-{target}") });
}
