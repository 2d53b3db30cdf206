using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>What was changed and is not saved stays in view on a phone, and is not lost without a word.</summary>
public sealed class UnsavedChangesTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Owner = "unsaved-owner";

    [Fact]
    public async Task Permission_Unticked_IsSavedFromTheBarInView()
    {
        var (page, bar) = await OpenDeviceAsync(1);
        await TickAsync(page, bar, "View transcripts");
        await Expect(bar).ToContainTextAsync("1 change");
        await Expect(bar.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.GetByRole(AriaRole.Switch, new() { Name = "Control recording" }).SetCheckedAsync(true);
        await Expect(bar).ToContainTextAsync("2 changes");
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await Expect(bar.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await bar.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(bar).ToBeHiddenAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Switch, new() { Name = "View transcripts" })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Leaving_WithAChange_Asks()
    {
        var (page, bar) = await OpenDeviceAsync(2);
        await TickAsync(page, bar, "View transcripts");
        await page.GetByRole(AriaRole.Link, new() { Name = $"{Owner}-2" }).First.ClickAsync();
        await Expect(bar.GetByRole(AriaRole.Alert)).ToContainTextAsync("Leave without saving?");
        await Expect(bar.GetByRole(AriaRole.Button, new() { Name = "Stay" })).ToBeFocusedAsync();
        await bar.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Switch, new() { Name = "View transcripts" })).ToBeCheckedAsync();
        await Expect(bar).ToContainTextAsync("1 change");

        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await page.EvaluateAsync("() => { setTimeout(() => location.reload(), 0); }"); // the browser itself asks
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));

        await page.GetByRole(AriaRole.Link, new() { Name = $"{Owner}-2" }).First.ClickAsync();
        await bar.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/users/{Owner}-2");
    }

    [Fact]
    public async Task Back_WithAChange_Asks()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync(Owner, 3);
        var page = (await OpenAsync(Person.Admin, Screen.Phone)).Page;
        await page.GotoAsync($"/users/{Owner}");
        await page.GetByRole(AriaRole.Link, new() { Name = $"{Owner} phone 3" }).First.ClickAsync();
        var bar = Bar(page);
        await TickAsync(page, bar, "View transcripts");
        await page.EvaluateAsync("() => history.back()");
        await Expect(bar.GetByRole(AriaRole.Alert)).ToContainTextAsync("Leave without saving?");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/users/{Owner}");
    }

    [Theory]
    [InlineData("/settings/policies/unseen", "Days without a call", "77")]
    [InlineData("/settings/sync-thresholds", "Failed requests in a row (requests)", "9")]
    [InlineData("/settings/sync", "Oldest version that may sync", "0.1")]
    public async Task Setting_Changed_ShowsTheBarAndCanBeDiscarded(string address, string label, string value)
    {
        var page = (await OpenAsync(Person.Admin, Screen.Phone)).Page;
        await page.GotoAsync(address);
        var bar = Bar(page);
        var field = page.GetByLabel(label);
        await Waiting.UntilAsync(async () =>
        {
            await field.FillAsync("");
            await field.FillAsync(value);
            await field.PressAsync("Tab");
            await Expect(bar).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await Expect(bar).ToContainTextAsync("1 change");
        await page.GetByRole(AriaRole.Link, new() { Name = "AdminPortal" }).First.ClickAsync();
        await Expect(bar.GetByRole(AriaRole.Alert)).ToContainTextAsync("Leave without saving?");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await bar.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(bar).ToBeHiddenAsync();
        await Expect(field).Not.ToHaveValueAsync(value);
        await page.GetByRole(AriaRole.Link, new() { Name = "AdminPortal" }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync($"{Portal.Url}/");
    }

    private static ILocator Bar(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Unsaved changes" });

    private async Task<(IPage Page, ILocator Bar)> OpenDeviceAsync(int number)
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync($"{Owner}-{number}", 1);
        var page = (await OpenAsync(Person.Admin, Screen.Phone)).Page;
        await page.GotoAsync($"/devices/{TestDevices.IdOf($"{Owner}-{number}", 1)}");
        return (page, Bar(page));
    }

    /// <summary>Again where the first tick came before the page was connected.</summary>
    private static Task TickAsync(IPage page, ILocator bar, string scope) => Waiting.UntilAsync(async () =>
    {
        var box = page.GetByRole(AriaRole.Switch, new() { Name = scope });
        await box.SetCheckedAsync(false);
        await box.SetCheckedAsync(true);
        await Expect(bar).ToBeVisibleAsync(new() { Timeout = 2000 });
    });
}
