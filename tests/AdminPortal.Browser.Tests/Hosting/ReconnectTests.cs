using System.Text.RegularExpressions;
using AdminPortal.Core.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Open pages live through what happens to the server.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed partial class ReconnectTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Address = "/devices?search=Ward+tablet";

    /// <summary>What the console says of a page that comes in while the database is away, whichever of its requests is refused first.</summary>
    private static readonly string[] Refusals = ["status of 503", "Failed to complete negotiation", "Failed to start the connection", "Circuit host not initialized"];

    [Fact]
    public async Task OpenPage_PortalRestarted_ComesBackToItsFilter()
    {
        var page = (await OpenAsync(Person.Admin)).Tolerate("_blazor", "_framework/blazor.web", "net::ERR_").Page;
        await page.GotoAsync(Address);
        await ExpectFilteredListAsync(page);

        await Portal.Process.StopAsync();
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await Portal.Process.StartAsync(Token);
        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 60_000 });

        await Expect(page).ToHaveURLAsync($"{Portal.Url}{Address}");
        await ExpectFilteredListAsync(page);
        await page.GetByLabel("Search").FillAsync("Office desktop"); // it answers, too
        await Expect(page.Locator(".device-name a").First).ToHaveTextAsync("Office desktop");
    }

    [Fact]
    public async Task Pages_DatabaseKilled_SayWhatIsWrongAndComeBack()
    {
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync(Address);
        await ExpectFilteredListAsync(page);
        await using (await KillDatabaseAsync())
        {
            await page.GetByLabel("Search").FillAsync("Office desktop");
            await ExpectClearStateAsync(page);
            foreach (var link in new[] { "Overview", "My devices", "Users", "Sync status", "Pair a device" })
            {
                await UnfoldAsync(page, link);
                await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
                await Expect(page.GetByRole(AriaRole.Heading, new() { Name = link, Level = 1 })).ToBeVisibleAsync();
                await ExpectClearStateAsync(page);
            }

            await UnfoldAsync(page, "Accounts");
            await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Accounts" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The accounts could not be read" })).ToBeVisibleAsync();
            await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Devices", Exact = true }).ClickAsync();
            await ExpectClearStateAsync(page);
        }

        await Expect(page.Locator(".device-name a").First).ToBeVisibleAsync(new() { Timeout = 60_000 }); // untouched
    }

    private static async Task UnfoldAsync(IPage page, string link)
    {
        var group = page.Locator("#nav details:not([open])", new() { Has = page.Locator("a", new() { HasText = link }) });
        if (await group.CountAsync() > 0)
            await group.Locator("summary").ClickAsync();
    }

    /// <summary>Also a page that is opened in the middle of it, by a request of its own.</summary>
    [Fact]
    public async Task NewPage_DatabaseKilled_SaysWhatIsWrong()
    {
        var page = (await OpenAsync(Person.Admin)).Tolerate(Refusals).Page;
        await using (await KillDatabaseAsync())
        {
            await page.GotoAsync(Address);
            // Which of the two depends on when the sign-in was last checked against the portal's database.
            await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = NotAnswering() })).ToBeVisibleAsync();
        }

        await ExpectFilteredListAsync(page);
    }

    /// <summary>Also one that was drawn before, and connects when its sign-in can no longer be checked.</summary>
    [Fact]
    public async Task NewPage_DatabaseKilledBeforeItConnects_SaysWhatIsWrongAndComesBack()
    {
        var page = (await OpenAsync(Person.Admin)).Tolerate(Refusals).Page;
        var connects = new TaskCompletionSource();
        await page.RouteAsync("**/_blazor/negotiate*", async route =>
        {
            await connects.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(Address);
        await using (await KillDatabaseAsync())
        {
            await Task.Delay(SignInRules.Revalidation, Token);
            await Expect(page.GetByText("Loading…")).ToBeAttachedAsync();
            connects.SetResult();
            await Expect(page.GetByText("Connection lost.")).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "AdminPortal is not available right now" })).ToBeVisibleAsync();
        }

        await ExpectFilteredListAsync(page);
    }

    /// <summary>What an extension that translates pages does to them; blazor.web.js cannot go on from there.</summary>
    [Fact]
    public async Task OpenPage_PartsTakenOutByTheBrowser_SaysSoAndReloads()
    {
        var page = (await OpenAsync(Person.Admin)).Tolerate("applying batch", "Error: ", "TypeError").Page;
        await page.GotoAsync(Address);
        await ExpectFilteredListAsync(page);

        await page.EvaluateAsync("() => document.querySelectorAll('#main tbody tr').forEach(row => row.remove())");
        await page.GetByLabel("Search").FillAsync("Office desktop");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This page has stopped.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reload now" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(page.Locator(".device-name a").First).ToBeVisibleAsync();
    }

    /// <summary>SIGKILL to the server. The portal brings it back once what is returned here is disposed: the lock of its start.</summary>
    private async Task<IAsyncDisposable> KillDatabaseAsync()
    {
        var database = await Portal.FindDatabaseAsync(Token);
        while (true)
        {
            try
            {
                var held = new FileStream(Path.Combine(database.Home, "start.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                using var server = System.Diagnostics.Process.GetProcessById(database.ServerProcessId);
                server.Kill();
                return held;
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Token); // the portal is just starting it
            }
        }
    }

    [GeneratedRegex("is not answering|is not available right now", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAnswering();

    private static async Task ExpectFilteredListAsync(IPage page)
    {
        await Expect(page.GetByLabel("Search")).ToHaveValueAsync("Ward tablet");
        await Expect(page.Locator(".device-name a").First).ToHaveTextAsync("Ward tablet");
    }

    private static async Task ExpectClearStateAsync(IPage page) =>
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The database “main” is not answering" })).ToBeVisibleAsync();
}
