using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>How an open page and the server agree to talk.</summary>
public sealed class CircuitConnectionTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task WebSocket_OfAPage_IsCompressedWithoutAContextThatStays()
    {
        var page = (await OpenAsync(Person.User)).Page;
        var network = await page.Context.NewCDPSessionAsync(page);
        var agreed = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        network.Event("Network.webSocketHandshakeResponseReceived").OnEvent += (_, answer) => agreed.TrySetResult(
            answer!.Value.GetProperty("response").GetProperty("headers").EnumerateObject()
                .FirstOrDefault(header => header.Name.Equals("Sec-WebSocket-Extensions", StringComparison.OrdinalIgnoreCase)).Value.ToString());
        await network.SendAsync("Network.enable");

        await page.GotoAsync("/my-devices");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My devices", Level = 1 })).ToBeVisibleAsync();
        var extensions = await agreed.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Contains("permessage-deflate", extensions, StringComparison.Ordinal);
        Assert.Contains("server_no_context_takeover", extensions, StringComparison.Ordinal);
    }
}
