using Microsoft.Playwright;

namespace AdminPortal.Benchmarks.Memory;

/// <summary>Pages of a real browser that all show the list of devices, each with a circuit of its own.</summary>
internal sealed class OpenLists : IAsyncDisposable
{
    private const int AtOnce = 5;
    private readonly IPlaywright driver;
    private readonly IBrowser program;
    private readonly IBrowserContext visitor;

    private OpenLists(IPlaywright playwright, IBrowser browser, IBrowserContext context) => (driver, program, visitor) = (playwright, browser, context);

    /// <summary>Signed in, without a page that is open.</summary>
    public static async Task<OpenLists> SignInAsync(string address)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--renderer-process-limit=4"],
        });
        var context = await browser.NewContextAsync(new() { BaseURL = address });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(PortalProgram.Email);
        await page.GetByLabel("Password").FillAsync(PortalProgram.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 }).WaitForAsync();
        await page.CloseAsync();
        return new OpenLists(playwright, browser, context);
    }

    /// <summary>Rows are only ever shown by a circuit, so a list with rows has one.</summary>
    public Task OpenAsync(int count, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (_, _) =>
        {
            var page = await visitor.NewPageAsync();
            await page.GotoAsync("/devices");
            await page.Locator(".list tbody tr").Nth(49).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        });

    /// <summary>Goes from list to list in one of the pages, by the links of the pager and the column titles.</summary>
    public async Task WanderAsync(int turns)
    {
        var page = visitor.Pages[0];
        for (var turn = 0; turn < turns; turn++)
        {
            var before = page.Url;
            await page.Locator(turn % 10 == 9 ? "a.sort >> nth=0" : ".pager a >> nth=-1").ClickAsync();
            await page.WaitForURLAsync(url => url != before);
            await page.Locator(".list tbody tr").Nth(49).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        driver.Dispose();
    }
}
