using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>Leads both sides through the states of a pairing, good and bad, and has each looked at.</summary>
internal static class PairingTour
{
    public static async Task WalkAsync(
        Func<Person, BrowserNewContextOptions?, Task<Visitor>> open, Func<IPage, string, Task> look, CancellationToken cancellationToken)
    {
        var desk = new PairingDesk(await open(Person.Support, null));
        var phone = new PairingPhone((await open(Person.Nobody, Screen.Phone)).Tolerate("status of 403", "status of 409", "status of 410", "net::ERR_FAILED"));
        await WalkThroughSuccessAsync(desk, phone, look, cancellationToken);
        await WalkThroughFailureAsync(desk, phone, look, cancellationToken);
    }

    private static async Task WalkThroughSuccessAsync(PairingDesk desk, PairingPhone phone, Func<IPage, string, Task> look, CancellationToken cancellationToken)
    {
        await desk.OpenAsync();
        await look(desk.Page, "pair-choosing");
        await desk.ShowCodeAsync("Read patient data", "View medications");
        await look(desk.Page, "pair-showing");
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, cancellationToken));
        await look(phone.Page, "p-offer");
        var number = await phone.ClaimAsync();
        await look(phone.Page, "p-match");
        await Expect(desk.Question).ToBeVisibleAsync();
        await look(desk.Page, "pair-confirming");

        await phone.Visitor.Context.RouteAsync("**/api/qr/pair/*", route => route.AbortAsync()); // the phone walks out of its network
        await Expect(phone.Page.Locator("#match-state")).ToContainTextAsync("The connection is lost");
        await look(phone.Page, "p-offline");
        await desk.ConfirmAsync(number);
        await Expect(desk.Page.GetByTestId("pair-finishing")).ToBeVisibleAsync();
        await look(desk.Page, "pair-finishing");
        await phone.Visitor.Context.UnrouteAllAsync();
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await look(phone.Page, "p-paired");
        await Expect(desk.Done).ToBeVisibleAsync();
        await look(desk.Page, "pair-done");
    }

    private static async Task WalkThroughFailureAsync(PairingDesk desk, PairingPhone phone, Func<IPage, string, Task> look, CancellationToken cancellationToken)
    {
        await desk.ShowCodeAsync("View medications");
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, cancellationToken));
        await desk.ConfirmAsync(TwoDigits.NotThis(await phone.ClaimAsync()));
        await Expect(desk.Failed).ToBeVisibleAsync();
        await look(desk.Page, "pair-failed");
        await Expect(phone.Result).ToHaveTextAsync("Not paired");
        await look(phone.Page, "p-refused");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).TapAsync();
        await phone.Page.GetByTestId("pair-code").FillAsync("BBBB-BBBB");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).TapAsync();
        await Expect(phone.Page.Locator("#enter-error")).Not.ToBeEmptyAsync();
        await look(phone.Page, "p-wrong-code");
    }
}
