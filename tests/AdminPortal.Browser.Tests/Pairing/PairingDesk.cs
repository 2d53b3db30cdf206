using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The user's side of a pairing: the page /pair.</summary>
internal sealed class PairingDesk(Visitor visitor)
{
    public IPage Page => visitor.Page;

    public ILocator Code => Page.GetByTestId("qr");

    public ILocator ShortCode => Page.GetByTestId("short-code");

    public ILocator Question => Page.GetByTestId("pair-confirm");

    public ILocator Done => Page.GetByTestId("pair-done");

    public ILocator Failed => Page.GetByTestId("pair-failed");

    public ILocator ShowCode => Page.GetByTestId("show-code");

    public ILocator Scope(string label) => Page.GetByRole(AriaRole.Checkbox, new() { Name = label });

    public async Task OpenAsync()
    {
        await Page.GotoAsync("/pair");
        await Expect(ShowCode.Or(Question)).ToBeVisibleAsync();
        if (await Question.IsVisibleAsync())
        {
            // A test that failed half-way left a device waiting.
            await Page.GetByTestId("refuse").ClickAsync();
            await Failed.GetByRole(AriaRole.Button, new() { Name = "Start again" }).ClickAsync();
            await Expect(ShowCode).ToBeVisibleAsync();
        }
    }

    /// <summary>Exactly these scopes, by their labels; the page offers the last choice.</summary>
    public async Task ChooseAsync(params string[] labels)
    {
        foreach (var box in await Page.GetByRole(AriaRole.Checkbox).AllAsync())
        {
            var label = await box.EvaluateAsync<string>("box => box.labels[0].querySelector('span').textContent");
            await box.SetCheckedAsync(labels.Contains(label));
        }
    }

    /// <summary>The browser that shows the page, without a code or a number to carry; pressed as by an impatient hand.</summary>
    public async Task PairHereAsync(params string[] labels)
    {
        await OpenAsync();
        await ChooseAsync(labels);
        await Page.GetByRole(AriaRole.Radio, new() { Name = "This browser" }).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Pair this browser" }).DblClickAsync();
    }

    /// <summary>From the choice to the code.</summary>
    public async Task ShowCodeAsync(params string[] labels)
    {
        await OpenAsync();
        await ChooseAsync(labels);
        await ShowCode.ClickAsync();
        await Expect(Code).ToBeVisibleAsync();
    }

    public async Task ConfirmAsync(string number)
    {
        await Expect(Question).ToBeVisibleAsync();
        await Page.GetByTestId("match-number").FillAsync(number);
        await Page.GetByTestId("confirm").ClickAsync();
    }
}
