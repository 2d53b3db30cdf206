using System.Diagnostics;
using System.Text.RegularExpressions;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Accounts;

/// <summary>An open page ends with its session, whoever ends it and wherever.</summary>
public sealed partial class SessionEndTests(RunningPortal portal, Chromium chromium, ITestOutputHelper output) : PortalTest(portal, chromium)
{
    private const string Password = "four unrelated words";

    /// <summary>Milliseconds. It is announced; without that a page looks every 30 s.</summary>
    private const int Soon = 3000;

    [Fact]
    public async Task Disable_OfAnAdminWithAnOpenPage_ClosesThePageAtOnce()
    {
        await using var first = await SignInAsync(Portal.CredentialsOf(Person.FirstAdmin));
        var admin = await first.NewPageAsync();
        await admin.GotoAsync("/accounts");
        var other = ($"admin-{Guid.CreateVersion7():N}@portal.example", Password);
        await ChoosePasswordAsync(await CreateAdminAsync(admin, other.Item1));
        await using var second = await SignInAsync(other);
        var open = await second.NewPageAsync();
        await open.GotoAsync("/accounts");
        await OpenDialogAsync(open);

        await admin.GetByRole(AriaRole.Button, new() { Name = $"Manage {other.Item1}" }).ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Disable…" }).ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = $"Disable {other.Item1}" }).ClickAsync();
        var since = Stopwatch.StartNew();

        await Expect(open).ToHaveURLAsync(SignIn, new() { Timeout = Soon });
        output.WriteLine($"The page of the disabled admin was closed {since.ElapsedMilliseconds} ms after the click.");
    }

    [Fact]
    public async Task SignOut_InOneTab_ClosesTheOtherAtOnce()
    {
        await using var browser = await SignInAsync(Portal.CredentialsOf(Person.FirstAdmin));
        var (one, two) = (await browser.NewPageAsync(), await browser.NewPageAsync());
        await one.GotoAsync("/accounts");
        await two.GotoAsync("/devices");
        await Expect(two.GetByRole(AriaRole.Link, new() { Name = "Devices" }).First).ToBeVisibleAsync();
        await Expect(two.Locator("table").First).ToBeVisibleAsync(); // only a circuit has filled it

        await one.Locator("summary[aria-label^='Account menu']").ClickAsync();
        await one.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        var since = Stopwatch.StartNew();

        await Expect(two).ToHaveURLAsync(SignIn, new() { Timeout = Soon });
        output.WriteLine($"The other tab was closed {since.ElapsedMilliseconds} ms after the click.");
    }

    private async Task<IBrowserContext> SignInAsync((string Email, string Password) person) => await Browser.NewContextAsync(new()
    {
        BaseURL = Portal.Url,
        StorageState = await SignInPage.StateAsync(Browser, Portal.Url, person),
    });

    /// <summary>Returns the link with which the new admin chooses a password.</summary>
    private static async Task<string> CreateAdminAsync(IPage admin, string email)
    {
        var dialog = await OpenDialogAsync(admin);
        await dialog.GetByLabel("E-mail").FillAsync(email);
        await dialog.GetByLabel("Role").SelectOptionAsync("Admin");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
        var link = await dialog.Locator("#reset-link").InputValueAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        return new Uri(link).PathAndQuery;
    }

    /// <summary>The page is there before its circuit, and a click in between is lost.</summary>
    private static async Task<ILocator> OpenDialogAsync(IPage accounts)
    {
        var dialog = accounts.GetByRole(AriaRole.Dialog);
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
                await accounts.GetByRole(AriaRole.Button, new() { Name = "New account" }).ClickAsync();
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = Soon });
        });
        return dialog;
    }

    private async Task ChoosePasswordAsync(string link)
    {
        await using var context = await Browser.NewContextAsync(new() { BaseURL = Portal.Url });
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("New password again").FillAsync(Password);
        await page.Locator("main form button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(SignIn);
    }

    [GeneratedRegex("/sign-in", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SignIn { get; }
}
