using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Accounts;

/// <summary>A portal that is reached by a name: browsers know no passkeys of an address of numbers.</summary>
public sealed class NamedPortal : RunningPortal
{
    private readonly int _port = PortalProcess.FindFreePort();

    public string Address => $"http://localhost:{_port}";

    protected override int? Port => _port;

    protected override Dictionary<string, string> Settings => new(base.Settings) { ["Portal__PublicUrl"] = Address };
}

/// <summary>A person makes a passkey in Chromium's virtual authenticator, signs in with it, and removes it.</summary>
public sealed class PasskeyJourneyTests(NamedPortal portal, Chromium chromium) : IClassFixture<NamedPortal>
{
    [Fact]
    public async Task Passkey_MadeShownAndRemoved()
    {
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = portal.Address });
        var page = await context.NewPageAsync();
        var authenticator = await context.NewCDPSessionAsync(page);
        await authenticator.SendAsync("WebAuthn.enable");
        await authenticator.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
        var (email, password) = portal.CredentialsOf(Person.FirstAdmin);
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        await page.GotoAsync("/account");
        await page.GetByLabel("What do you call it?").FillAsync("This laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Expect(page.GetByText("“This laptop” signs you in from now on.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Expect(page.GetByText("This device has a passkey for you already.")).ToBeVisibleAsync();

        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        await page.GotoAsync("/account");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "This laptop" })).Not.ToContainTextAsync("never");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove This laptop" }).ClickAsync();
        await Expect(page.GetByText("The passkey is removed.")).ToBeVisibleAsync();

        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "could not take this passkey" })).ToBeVisibleAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.Locator("summary[aria-label^='Account menu']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
    }
}
