using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The same journey for a person without mouse and camera, in the dark.</summary>
[Collection(PairingCollection.Name)]
public sealed class KeyboardJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    [Fact]
    public async Task Journey_ShortCodeByKeyboardInTheDark_PairsAndEnds()
    {
        var user = await OpenAsync(Person.Nobody, Screen.Dark);
        var page = user.Page;
        var keys = new Keys(page);
        await page.GotoAsync("/pair");
        var (email, password) = Portal.CredentialsOf(Person.User);
        await keys.TypeAsync(page.GetByLabel("E-mail"), email);
        await keys.TypeAsync(page.GetByLabel("Password"), password);
        await page.Keyboard.PressAsync("Enter");

        var desk = new PairingDesk(user);
        await Expect(desk.ShowCode).ToBeVisibleAsync(); // the sign-in came back to the page that was asked for
        Assert.Equal("rgb(16, 23, 27)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await SetAsync(keys, desk.Scope("View transcripts"), page);
        await SetAsync(keys, desk.Scope("Control recording"), page);
        await keys.TypeAsync(page.GetByLabel("Name (optional)"), "Keyboard phone");
        await keys.EnterAsync(desk.ShowCode);
        await Expect(desk.ShortCode).ToBeVisibleAsync();

        var phone = new PairingPhone((await OpenAsync(Person.Nobody, new(Screen.Phone) { ColorScheme = ColorScheme.Dark })).Tolerate("status of 401")); // it hears that its pairing ended, asks once more, and is told 401
        await phone.TypeCodeAsync((await desk.ShortCode.InnerTextAsync()).ToLowerInvariant());
        var number = await phone.ClaimAsync();
        await Expect(page.GetByTestId("match-number")).ToBeFocusedAsync(); // the question came by itself
        await page.Keyboard.TypeAsync(number);
        await page.Keyboard.PressAsync("Enter");
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(desk.Done).ToContainTextAsync("Keyboard phone");

        await keys.EnterAsync(desk.Done.GetByRole(AriaRole.Link, new() { Name = "My devices" }));
        var end = page.GetByRole(AriaRole.Button, new() { Name = "Revoke Keyboard phone" });
        await keys.EnterAsync(end);
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Revoke this device?" });
        await Expect(dialog.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync(); // the focus goes into it, to where one types
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(end).ToBeFocusedAsync(); // back where it was opened
        await page.Keyboard.PressAsync("Enter");
        await keys.EnterAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }));
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Keyboard phone" })).ToContainTextAsync("Revoked");
    }

    /// <summary>Ticks a box, unless the last choice ticked it already.</summary>
    private static async Task SetAsync(Keys keys, ILocator box, IPage page)
    {
        await keys.TabToAsync(box);
        if (!await box.IsCheckedAsync())
            await page.Keyboard.PressAsync("Space");
        await Expect(box).ToBeCheckedAsync();
    }
}
