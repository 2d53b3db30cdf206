using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Browser.Tests.Deployments;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Pairing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Hosts;

/// <summary>An admin takes over a database that the portal has never seen, pairs a phone that syncs its tables, and gives everything back.</summary>
public sealed class TakeOverJourneyTests(HostPortal portal, Chromium chromium) : IClassFixture<HostPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_TakenOver_PairsAndSyncsItsPeopleAndIsAsItWasAfterwards()
    {
        var before = await portal.SchemaAsync();
        var state = await SignInPage.StateAsync(chromium.Browser, portal.Process.Url, HostPortal.Admin);
        var visitor = await Visitor.OpenAsync(chromium.Browser, new() { BaseURL = portal.Process.Url, StorageState = state });
        await using var context = visitor.Context;
        var page = visitor.Page;

        await page.GotoAsync("/targets/main/take-over");
        await Expect(page.GetByLabel("Table", new() { Exact = true })).ToHaveValueAsync("users");
        await page.GetByLabel("public.tasks, as task").CheckAsync();
        await page.GetByLabel("public.focus_sessions, as focusSession").CheckAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts("screenshots"), "take-over.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await Expect(page.GetByText("person1@focus.example")).ToBeVisibleAsync();
        await page.GetByText("things", new() { Exact = false }).ClickAsync();
        await Expect(page.GetByText("trigger public.tasks.portal_sync_mark on public.tasks")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record it" }).ClickAsync();
        await Expect(page.GetByText("Devices sync task, focusSession.")).ToBeVisibleAsync();
        Assert.Equal(before, await portal.SchemaAsync());

        await page.GotoAsync("/migrations/main");
        var apply = page.GetByRole(AriaRole.Button, new() { Name = " migrations…" });
        var pending = int.Parse((await apply.InnerTextAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
        await DeploymentSteps.ApplyAsync(page, "main", pending);
        await DeploymentSteps.ExpectRunDoneAsync(page);

        await LinkAsync(page, "person7@focus.example");
        using var device = await PairAsync(visitor);
        using var registered = await device.PutAsJsonAsync(new Uri("/api/devices/me", UriKind.Relative), new { platform = "android", osVersion = "16", appVersion = "1.0.0", schemaVersion = 1 }, Token);
        registered.EnsureSuccessStatusCode();
        using var pushed = await device.PostAsJsonAsync(
            new Uri("/api/sync/push", UriKind.Relative),
            new { schemaVersion = 1, sentAt = TimeProvider.System.GetUtcNow(), ops = new[] { new { opId = "o1", entity = "task", op = "create", clientId = "c1", fields = new { title = "Made on a phone" } } } }, Token);
        Assert.Equal("applied", (await pushed.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("data").GetProperty("results")[0].GetProperty("status").GetString());
        Assert.Equal("660000000000000000000007", await portal.ExecuteAsync("SELECT \"userId\" FROM public.tasks WHERE title = 'Made on a phone'"));
        await page.GotoAsync("/sync?show=all");
        await Expect(page.GetByText("Person 7").First).ToBeVisibleAsync();

        await DeploymentSteps.RollBackEverythingAsync(page, "main");
        await portal.ExecuteAsync("DELETE FROM public.tasks WHERE title = 'Made on a phone'");
        Assert.Equal(before, await portal.SchemaAsync());
        Assert.Equal(3000L, await portal.ExecuteAsync("SELECT count(*) FROM public.tasks"));
    }

    private static async Task LinkAsync(IPage page, string email)
    {
        await page.GotoAsync("/pair");
        await page.GetByRole(AriaRole.Link, new() { Name = "Link your account" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Linked user").FillAsync(email);
        await dialog.GetByRole(AriaRole.List, new() { Name = "Users found" }).GetByRole(AriaRole.Button).First.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Link this user" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync(); // who they are has changed
        await page.GetByLabel("E-mail").FillAsync(HostPortal.Admin.Email);
        await page.GetByLabel("Password").FillAsync(HostPortal.Admin.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeHiddenAsync();
    }

    private async Task<HttpClient> PairAsync(Visitor visitor)
    {
        var desk = new PairingDesk(visitor);
        await desk.ShowCodeAsync("Read patient data");
        var other = await Visitor.OpenAsync(chromium.Browser, new() { BaseURL = portal.Process.Url, HasTouch = true });
        await using var context = other.Context;
        var phone = new PairingPhone(other);
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        return new HttpClient
        {
            BaseAddress = new Uri(portal.Process.Url),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await phone.TokenAsync()) },
        };
    }
}
