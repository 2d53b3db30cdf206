using System.Text.RegularExpressions;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Accounts;

/// <summary>An admin signs in with the accounts of the organisation, against a real provider, and out again; the provider ends a session by itself.</summary>
public sealed partial class OrganisationSignInTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Milliseconds. It is announced; without that a page looks every 30 s.</summary>
    private const int Soon = 3000;
    private TestRunFolder folder = null!;
    private TestProvider provider = null!;
    private PortalProcess process = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        folder = await TestRunFolder.CreateAsync();
        provider = await TestProvider.StartAsync(Token);
        (provider.Asks, provider.Roles) = (true, ["portal-admins"]);
        var settings = provider.Settings(("CreateAccounts", "true"), ("Roles:portal-admins", "Admin")).ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value!);
        settings["SignIn__SecondFactorRoles"] = "Admin";
        process = new PortalProcess(folder.NewDataFolder(), settings);
        await provider.RegisterAsync(process.Url, Token);
        await process.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await provider.DisposeAsync();
        await folder.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_AtTheProvider_WithASecondFactorHere_AndOutAtBoth()
    {
        var visitor = await Visitor.OpenAsync(chromium.Browser, new() { BaseURL = process.Url });
        await using var context = visitor.Context;
        var page = visitor.Page;
        await page.GotoAsync("/devices");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Clinic" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "It is me" }).ClickAsync();

        await Expect(page.GetByText("Your role needs a second factor.")).ToBeVisibleAsync();
        var key = await page.GetByTestId("factor-key").InnerTextAsync();
        await page.GetByLabel("Code of six digits").FillAsync(Totp.Code(key));
        await page.GetByRole(AriaRole.Button, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Devices", Level = 1 })).ToBeVisibleAsync();

        await page.Locator("summary[aria-label^='Account menu']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(SignedOut); // past the page that leads to the provider, and back
        Assert.Equal(1, provider.SignOuts);

        await page.GotoAsync("/devices");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Clinic" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "It is me" }).ClickAsync(); // the provider's own session has ended, too
        await page.GetByLabel("Code of your authenticator app").FillAsync(Totp.Code(key, steps: 1)); // a code works once
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.Locator("table").First).ToBeVisibleAsync(); // only a circuit has filled it
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent([new("logout_token", provider.LogoutToken())]);
        (await client.PostAsync($"{process.Url}/sign-in/with/{TestProvider.Name}/back-channel-sign-out", form, Token)).EnsureSuccessStatusCode();

        await Expect(page).ToHaveURLAsync(SignIn, new() { Timeout = Soon });
        Assert.True(visitor.Complaints.Count == 0, string.Join(Environment.NewLine, visitor.Complaints));
    }

    [GeneratedRegex(@"/sign-in\?notice=signed-out$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SignedOut { get; }

    [GeneratedRegex("/sign-in", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SignIn { get; }
}
