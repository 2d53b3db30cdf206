using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The device's side of a pairing: the page /p on a phone.</summary>
internal sealed class PairingPhone(Visitor visitor)
{
    public IPage Page => visitor.Page;

    public Visitor Visitor => visitor;

    public ILocator Account => Page.GetByTestId("pair-account");

    public ILocator Result => Page.GetByTestId("pair-result");

    public ILocator Match => Page.GetByTestId("pair-match");

    /// <summary>Opens what the camera read, up to the question whether to pair.</summary>
    public async Task ScanAsync(string url)
    {
        await Page.GotoAsync(url);
        await Expect(Account).ToBeVisibleAsync();
    }

    public async Task TypeCodeAsync(string shortCode)
    {
        await Page.GotoAsync("/p");
        await Page.GetByTestId("pair-code").FillAsync(shortCode);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).TapAsync();
        await Expect(Account).ToBeVisibleAsync();
    }

    public Task AcceptAsync() => Page.GetByTestId("pair-accept").TapAsync();

    /// <summary>Accepts and reads the two digits that the phone shows then.</summary>
    public async Task<string> ClaimAsync()
    {
        await AcceptAsync();
        await Expect(Match).ToHaveTextAsync(TwoDigits.Pattern);
        return await Match.InnerTextAsync();
    }

    public Task<string?> TokenAsync() => Page.EvaluateAsync<string?>("() => sessionStorage.getItem('token')");
}
