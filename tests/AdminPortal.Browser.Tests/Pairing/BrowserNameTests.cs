using System.Text.Json;
using AdminPortal.Browser.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>What a browser says of itself when it is paired, by its user agent.</summary>
public sealed class BrowserNameTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", 5, "Chrome on Android", "MOBILE_ANDROID")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", 5, "Chrome on Android", "TABLET")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", 5, "Samsung Internet on Android", "MOBILE_ANDROID")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0", 5, "Edge on Android", "MOBILE_ANDROID")]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", 5, "Firefox on Android", "MOBILE_ANDROID")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", 0, "Edge on Windows", "DESKTOP")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/122.0.0.0", 0, "Opera on Windows", "DESKTOP")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.122 Mobile/15E148 Safari/604.1", 5, "Chrome on iPhone", "MOBILE_IOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", 5, "Safari on iPhone", "MOBILE_IOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 Safari/605.1.15", 5, "Firefox on iPhone", "MOBILE_IOS")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", 5, "Safari on iPad", "TABLET")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", 0, "Safari on Mac", "DESKTOP")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", 0, "Chrome on ChromeOS", "DESKTOP")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", 0, "Firefox on Linux", "DESKTOP")]
    [InlineData("curl/8.5.0", 0, "Browser", "DESKTOP")]
    public async Task Claim_ByUserAgent_NamesTheBrowser(string agent, int touchPoints, string name, string type)
    {
        var page = (await OpenAsync(Person.Nobody, new() { UserAgent = agent })).Tolerate("ERR_FAILED").Page;
        await page.AddInitScriptAsync($"Object.defineProperty(navigator, 'maxTouchPoints', {{ get: () => {touchPoints} }})");
        await page.RouteAsync("**/api/qr/pair/preview", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"success":true,"data":{"account":"u•••@e•••.org","permissions":[],"deviceType":null}}""",
        }));
        var claimed = new TaskCompletionSource<JsonElement>();
        await page.RouteAsync("**/api/qr/pair", route =>
        {
            claimed.TrySetResult(JsonDocument.Parse(route.Request.PostData!).RootElement);
            return route.AbortAsync();
        });
        await page.GotoAsync("/p");
        await page.GetByTestId("pair-code").FillAsync("BCDF-GHJK");
        await page.GetByTestId("pair-code").PressAsync("Enter");
        await Expect(page.GetByTestId("pair-account")).ToBeVisibleAsync();
        await page.GetByTestId("pair-accept").ClickAsync();

        var claim = await claimed.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal((name, type), (claim.GetProperty("deviceName").GetString(), claim.GetProperty("deviceType").GetString()));
    }
}
