using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.ServiceKeys;

/// <summary>An admin gives a service a key, sees that it is used, and takes it away.</summary>
public sealed class ServiceKeyJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Key_MadeUsedAndRevoked_WorksUntilThen()
    {
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync("/service-keys");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "New service key" });
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
                await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).First.ClickAsync();
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await page.GetByLabel("Which service is it for?").FillAsync("Records API");
        await page.Keyboard.PressAsync("Enter");
        var key = await page.GetByTestId("service-key").InputValueAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Records API" });
        await Expect(row).ToContainTextAsync("Never used");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);

        using var service = new HttpClient { BaseAddress = new Uri(Portal.Url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        Assert.Equal("""{"active":false}""", await (await AskAsync(service)).Content.ReadAsStringAsync(Token));
        await page.ReloadAsync();
        await Expect(row).ToContainTextAsync("In use");

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the key of Records API" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(service)).StatusCode);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient service) =>
        service.PostAsJsonAsync(new Uri("/api/qr/introspect", UriKind.Relative), new { token = "dvc_nobody" }, Token);
}
