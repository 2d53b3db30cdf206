using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>What both sides see when a pairing does not go well.</summary>
[Collection(PairingCollection.Name)]
public sealed class PairingFailureTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Scope = "View medications";

    [Fact]
    public async Task Confirm_WrongNumber_EndsThePairingAndSaysSo()
    {
        var (desk, phone, number) = await ClaimAsync();
        await desk.ConfirmAsync(TwoDigits.NotThis(number));

        await Expect(desk.Failed.GetByRole(AriaRole.Heading)).ToHaveTextAsync("The number was not the one on the device");
        await Expect(desk.Failed).ToContainTextAsync("To be safe the pairing was stopped. The device got no access.");
        await Expect(phone.Result).ToHaveTextAsync("Not paired");
        await Expect(phone.Page.Locator("#result-text")).ToHaveTextAsync($"The number typed in the portal was not {number}. Nothing was paired.");
        Assert.Null(await phone.TokenAsync());
        await desk.Failed.GetByRole(AriaRole.Button, new() { Name = "Start again" }).ClickAsync();
        await Expect(desk.ShowCode).ToBeVisibleAsync();
        await Expect(desk.Scope(Scope)).ToBeCheckedAsync(); // the last choice is offered
    }

    [Fact]
    public async Task Claim_SecondHolderOfTheCode_BlocksBothAndTellsTheUser()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync(Scope);
        var url = await QrPicture.ReadAsync(desk.Code, Token);
        var phone = await OpenPhoneAsync();
        var thief = await OpenPhoneAsync();
        await phone.ScanAsync(url);
        await thief.ScanAsync(url);
        await phone.ClaimAsync();
        await Expect(desk.Question).ToBeVisibleAsync();
        await thief.AcceptAsync();

        await Expect(thief.Result).ToHaveTextAsync("This code cannot be used");
        await Expect(desk.Failed.GetByRole(AriaRole.Heading)).ToHaveTextAsync("The code was used by a second device");
        await Expect(desk.Failed).ToContainTextAsync("Somebody else saw or received this code. The pairing was blocked, and neither device got access.");
        await Expect(phone.Result).ToHaveTextAsync("Not paired");
        Assert.Null(await phone.TokenAsync());
    }

    [Fact]
    public async Task Refuse_ByTheUser_EndsThePairing()
    {
        var (desk, phone, _) = await ClaimAsync();
        await desk.Page.GetByTestId("refuse").ClickAsync();

        await Expect(desk.Failed.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You refused the device");
        await Expect(phone.Result).ToHaveTextAsync("Not paired");
        await Expect(phone.Page.Locator("#result-text")).ToContainTextAsync("refused");
    }

    [Fact]
    public async Task Reload_WhileADeviceWaits_ComesBackToTheQuestion()
    {
        var (desk, phone, number) = await ClaimAsync();
        await Expect(desk.Question).ToBeVisibleAsync();
        await desk.Page.ReloadAsync();

        await desk.ConfirmAsync(number);
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(desk.Done).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Leave_WithAnUnusedCode_TakesItBack()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync(Scope);
        var url = await QrPicture.ReadAsync(desk.Code, Token);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(desk.ShowCode).ToBeVisibleAsync();

        var phone = await OpenPhoneAsync();
        await phone.Page.GotoAsync(url);
        await Expect(phone.Result).ToHaveTextAsync("This code cannot be used");
    }

    [Fact]
    public async Task Hide_TheTab_HidesTheCode()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync(Scope);
        await SetVisibilityAsync(desk.Page, "hidden");
        await Expect(desk.Code).ToBeHiddenAsync();
        await Expect(desk.ShortCode).ToBeHiddenAsync();
        await SetVisibilityAsync(desk.Page, "visible");
        await Expect(desk.Code).ToBeVisibleAsync();
    }

    /// <summary>A browser without a window never hides a tab, so it is told to say that it did.</summary>
    private static async Task SetVisibilityAsync(IPage page, string state) => await page.EvaluateAsync(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
        state);

    private async Task<(PairingDesk Desk, PairingPhone Phone, string Number)> ClaimAsync()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync(Scope);
        var phone = await OpenPhoneAsync();
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        return (desk, phone, await phone.ClaimAsync());
    }

    private async Task<PairingPhone> OpenPhoneAsync() =>
        new((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 403", "status of 409", "status of 410"));
}
