using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>A browser that is paired, or on its way: what it keeps, what it hears, and what it makes of a portal that is away.</summary>
[Collection(PairingCollection.Name)]
public sealed class PairedBrowserTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Away = "**/api/qr/pair";

    /// <summary>As a browser does whose owner switched off storage for sites.</summary>
    private const string NoStorage = """
        for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, { get: () => { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
        """;

    [Fact]
    public async Task Permission_TakenWhileThePageIsOpen_LeavesThePage()
    {
        var (desk, phone) = await PairAsync("Read patient data", "Write notes");
        await Expect(phone.Page.Locator("#result-scopes li")).ToHaveTextAsync(["Read patient data", "Write notes"]);
        await desk.Page.GotoAsync($"/devices/{await DeviceAsync(phone)}");

        await Waiting.UntilAsync(async () =>
        {
            await desk.Page.GetByRole(AriaRole.Switch, new() { Name = "Write notes" }).SetCheckedAsync(false);
            await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync(new() { Timeout = 2000 });
        });

        await Expect(phone.Page.Locator("#result-scopes li")).ToHaveTextAsync(["Read patient data"]);
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
    }

    [Fact]
    public async Task ThisBrowser_PressedTwice_IsPairedOnceWithoutCodeAndNumber()
    {
        var visitor = await OpenAsync(Person.User, Screen.Phone);
        var desk = new PairingDesk(visitor);

        var claims = 0;
        desk.Page.Request += (_, request) => claims += request.Method == "POST" && request.Url.EndsWith("/api/qr/pair", StringComparison.Ordinal) ? 1 : 0;

        await desk.PairHereAsync("Read patient data");

        await Expect(desk.Done).ToContainTextAsync("is paired");
        Assert.Equal(1, claims);
        await Accessibility.ExpectNoFaultAsync(desk.Page, "pair-here-done");
        await desk.Done.GetByRole(AriaRole.Link, new() { Name = "open it as a device" }).ClickAsync();
        await Expect(desk.Page.GetByTestId("pair-result")).ToHaveTextAsync("This browser is paired");
        await Expect(desk.Page.Locator("#result-scopes li")).ToHaveTextAsync(["Read patient data"]);
    }

    [Fact]
    public async Task Reload_PortalAnswers503_KeepsTheTokenAndComesBackByItself()
    {
        var (_, phone) = await PairAsync("Read patient data");
        var token = await phone.TokenAsync();
        phone.Visitor.Tolerate("status of 503", "status of 401");
        foreach (var (status, body) in new[] { (503, "<h1>Busy</h1>"), (401, "<h1>Who are you?</h1>") })
        {
            await phone.Page.RouteAsync(Away, route => route.FulfillAsync(new() { Status = status, ContentType = "text/html", Body = body }));
            await phone.Page.ReloadAsync();
            await Expect(phone.Result).ToHaveTextAsync("The portal cannot answer now");
            Assert.Equal(token, await phone.TokenAsync());

            await phone.Page.UnrouteAllAsync();
            await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        }
    }

    [Fact]
    public async Task End_PortalAnswers503_KeepsTheTokenAndSaysSo()
    {
        var (_, phone) = await PairAsync("Read patient data");
        var end = phone.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke this device" });
        phone.Visitor.Tolerate("status of 503");
        await phone.Page.RouteAsync("**/api/qr/pair/*", route => route.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<h1>Busy</h1>" }));
        await end.TapAsync();
        await Expect(phone.Page.Locator("#result-state")).ToHaveTextAsync("The portal cannot answer now. Nothing was ended; try again.");
        Assert.NotNull(await phone.TokenAsync());

        await phone.Page.UnrouteAllAsync();
        await end.TapAsync();
        await Expect(phone.Result).ToHaveTextAsync("The pairing has ended");
        Assert.Null(await phone.TokenAsync());
    }

    [Fact]
    public async Task Claim_PortalAnswers503_CanBeTriedAgain()
    {
        var desk = await ShowCodeAsync("Read patient data");
        var phone = await OpenPhoneAsync();
        phone.Visitor.Tolerate("status of 503");
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await phone.Page.RouteAsync(Away, route => route.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<h1>Busy</h1>" }));
        await phone.AcceptAsync();
        await Expect(phone.Page.Locator("#offer-error")).ToHaveTextAsync("The portal cannot answer now. Tap again in a while: nothing is done twice.");

        await phone.Page.UnrouteAllAsync();
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
    }

    [Fact]
    public async Task Reload_AtEveryStep_ComesBackToIt()
    {
        var desk = await ShowCodeAsync("Read patient data");
        var phone = await OpenPhoneAsync();
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await phone.Page.ReloadAsync();
        await Expect(phone.Account).ToBeVisibleAsync();

        var number = await phone.ClaimAsync();
        await phone.Page.ReloadAsync();
        await Expect(phone.Match).ToHaveTextAsync(number);

        await desk.ConfirmAsync(number);
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await phone.Page.ReloadAsync();
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(phone.Page.Locator("#result-scopes li")).ToHaveTextAsync(["Read patient data"]);
    }

    [Fact]
    public async Task Claim_InTwoTabsOfOneBrowser_IsOneDevice()
    {
        var desk = await ShowCodeAsync("Read patient data");
        var url = await QrPicture.ReadAsync(desk.Code, Token);
        var phone = await OpenPhoneAsync();
        phone.Visitor.Tolerate("status of 429"); // three tabs listen for one device: one of them waits
        await phone.ScanAsync(url);
        var second = await phone.Visitor.Context.NewPageAsync();
        await second.GotoAsync(url);
        await Expect(second.GetByTestId("pair-account")).ToBeVisibleAsync();
        var number = await phone.ClaimAsync();
        await second.GetByTestId("pair-accept").TapAsync();
        await Expect(second.GetByTestId("pair-match")).ToHaveTextAsync(number);
        var third = await phone.Visitor.Context.NewPageAsync();
        await third.GotoAsync(url);
        await Expect(third.GetByTestId("pair-match")).ToHaveTextAsync(number);

        await desk.ConfirmAsync(number);

        await Expect(desk.Done).ToBeVisibleAsync();
        foreach (var page in new[] { phone.Page, second, third })
        {
            await Expect(page.GetByTestId("pair-result")).ToHaveTextAsync("This browser is paired");
            Assert.Equal(await phone.TokenAsync(), await page.EvaluateAsync<string>("() => sessionStorage.getItem('token')"));
        }
    }

    [Fact]
    public async Task Storage_Blocked_PairsAndSaysHowLongItLasts()
    {
        var desk = await ShowCodeAsync("Read patient data");
        var phone = await OpenPhoneAsync();
        await phone.Page.AddInitScriptAsync(NoStorage);
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());

        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(phone.Page.Locator("#result-note")).ToHaveTextAsync("This browser keeps nothing for this site, so the pairing is lost when the page is closed or loaded again. Allow storage for this site to keep it.");
    }

    [Fact]
    public async Task SecondPerson_OnASharedBrowser_PairsItAsADeviceOfTheirOwn()
    {
        var (_, phone) = await PairAsync("Read patient data");
        var first = await DeviceAsync(phone);
        var desk = new PairingDesk(await OpenAsync(Person.Support));
        await desk.ShowCodeAsync("Write notes");
        phone.Visitor.Tolerate("status of 409");
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());

        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(phone.Page.Locator("#result-scopes li")).ToHaveTextAsync(["Write notes"]);
        Assert.NotEqual(first, await DeviceAsync(phone));
    }

    private static Task<string> DeviceAsync(PairingPhone phone) => phone.Page.EvaluateAsync<string>("() => sessionStorage.getItem('device')");

    private async Task<PairingDesk> ShowCodeAsync(params string[] scopes)
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync(scopes);
        return desk;
    }

    private async Task<PairingPhone> OpenPhoneAsync() => new(await OpenAsync(Person.Nobody, Screen.Phone));

    private async Task<(PairingDesk Desk, PairingPhone Phone)> PairAsync(params string[] scopes)
    {
        var desk = await ShowCodeAsync(scopes);
        var phone = await OpenPhoneAsync();
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        return (desk, phone);
    }
}
