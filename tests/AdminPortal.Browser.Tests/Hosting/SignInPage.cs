using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Signing in the way people do.</summary>
internal static class SignInPage
{
    public static async Task<string> StateAsync(IBrowser browser, string url, (string Email, string Password) person, string? userAgent = null)
    {
        await using var context = await browser.NewContextAsync(new() { BaseURL = url, UserAgent = userAgent });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(person.Email);
        await page.GetByLabel("Password").FillAsync(person.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        return await context.StorageStateAsync();
    }
}
