using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>A code that nobody uses is replaced, and then no longer.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class CodeRenewalTests(ImpatientPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const float LongerThanACode = 45_000;

    [Fact]
    public async Task Code_NobodyUsesIt_IsReplacedAndThenRunsOut()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync("Write notes");
        var first = await QrPicture.ReadAsync(desk.Code, Token);
        var firstShort = await desk.ShortCode.InnerTextAsync();

        await Expect(desk.ShortCode).Not.ToHaveTextAsync(firstShort, new() { Timeout = LongerThanACode });
        Assert.NotEqual(first, await QrPicture.ReadAsync(desk.Code, Token));
        var phone = new PairingPhone((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 410"));
        await phone.Page.GotoAsync(first);
        await Expect(phone.Result).ToHaveTextAsync("This code cannot be used");
        await Expect(phone.Page.Locator("#result-text")).ToContainTextAsync("expired");

        await Expect(desk.Page.GetByText("The code has expired, and no device used it.")).ToBeVisibleAsync(new() { Timeout = LongerThanACode });
        var faults = await Accessibility.FaultsAsync(desk.Page, "pair-run-out");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Show a new code" }).ClickAsync();
        await Expect(desk.Code).ToBeVisibleAsync();
    }
}
