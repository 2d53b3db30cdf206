using System.Diagnostics;
using System.Net;
using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The portal's main job from end to end: scan, confirm, use, revoke.</summary>
[Collection(PairingCollection.Name)]
public sealed class PairingJourneyTests(RunningPortal portal, Chromium chromium, ITestOutputHelper output) : PortalTest(portal, chromium)
{
    private const string DeviceName = "Journey phone";

    [Fact]
    public async Task Journey_CodeReadFromPixels_PairsUntilAnAdminEndsIt()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.OpenAsync();
        await desk.ChooseAsync("Read patient data", "Write notes");
        await desk.Page.GetByLabel("Name (optional)").FillAsync(DeviceName);
        await desk.ShowCode.ClickAsync();
        await Expect(desk.Code).ToBeVisibleAsync();
        var scanned = await QrPicture.ReadAsync(desk.Code, Token);
        Assert.StartsWith($"{Portal.Url}/p#", scanned, StringComparison.Ordinal);

        var phone = new PairingPhone((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 401")); // it hears that its pairing ended, asks once more, and is told 401
        await phone.ScanAsync(scanned);
        await Expect(phone.Page).ToHaveURLAsync($"{Portal.Url}/p"); // the secret is out of the address
        await Expect(phone.Account).ToHaveTextAsync("u•••@s•••.example"); // enough to know one's own by
        await Expect(phone.Page.Locator("#scopes li")).ToHaveTextAsync(["Read patient data", "Write notes"]);
        var number = await phone.ClaimAsync();
        await Expect(desk.Question).ToContainTextAsync($"You named it{DeviceName}");
        await Expect(desk.Question).ToContainTextAsync("It says it isChrome on Android");
        Assert.DoesNotMatch($@"(?<![\d.]){number}(?![\d.])", await desk.Question.InnerTextAsync()); // 12 is in 127.0.0.1, too
        await desk.ConfirmAsync(number);

        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        await Expect(desk.Done).ToContainTextAsync("is paired");
        using var device = new DeviceApi(Portal.Url, await phone.TokenAsync() ?? "none");
        var (status, self) = await device.ReadSelfAsync(Token);
        Assert.Equal(HttpStatusCode.OK, status);
        var permissions = self.GetProperty("data")[0].GetProperty("permissions").EnumerateArray();
        Assert.Equal(["READ_PATIENT_DATA", "WRITE_NOTES"], permissions.Select(p => p.GetProperty("scope").GetString()).Order(StringComparer.Ordinal));

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "My devices" }).First.ClickAsync();
        var card = desk.Page.GetByRole(AriaRole.Article, new() { Name = DeviceName });
        await Expect(card).ToContainTextAsync("Active");
        await desk.Page.EvaluateAsync("() => { window.neverReloaded = true; }");

        var admin = await EndAsAdminAsync();
        var sinceRevoked = Stopwatch.StartNew();
        (status, self) = await device.ReadSelfAsync(Token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.EndsWith("device-revoked", self.GetProperty("type").GetString(), StringComparison.Ordinal);
        await Expect(card).ToContainTextAsync("Revoked", new() { Timeout = 3000 });
        output.WriteLine($"The user's page showed the end {sinceRevoked.ElapsedMilliseconds} ms after the admin's page did.");
        Assert.True(await desk.Page.EvaluateAsync<bool>("() => window.neverReloaded === true"));

        phone.Visitor.Tolerate("status of 401");
        await Expect(phone.Result).ToHaveTextAsync("This browser is no longer paired"); // it heard of it by itself
        await Expect(admin.GetByRole(AriaRole.Region, new() { Name = "Revocation status" })).ToContainTextAsync("The device confirmed it");
    }

    [Fact]
    public async Task Journey_SuspendedBrowser_WorksAgainOnceItIsReleased()
    {
        var desk = new PairingDesk(await OpenAsync(Person.User));
        await desk.ShowCodeAsync("Read patient data");
        var phone = new PairingPhone((await OpenAsync(Person.Nobody, Screen.Phone)).Tolerate("status of 401")); // it hears that its pairing ended, asks once more, and is told 401
        await phone.ScanAsync(await QrPicture.ReadAsync(desk.Code, Token));
        await desk.ConfirmAsync(await phone.ClaimAsync());
        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
        var admin = (await OpenAsync(Person.Admin)).Page;
        await admin.GotoAsync($"/devices/{await phone.Page.EvaluateAsync<string>("() => sessionStorage.getItem('device')")}");

        await DialogAsync(admin, "Quarantine", "Why?", "Quarantine device");
        phone.Visitor.Tolerate("status of 401");
        await Expect(phone.Result).ToHaveTextAsync("This browser is quarantined");
        await Expect(admin.GetByText("The device confirmed it", new() { Exact = true })).ToBeVisibleAsync();
        await DialogAsync(admin, "Release", "Reason", "Release device");
        await phone.Page.ReloadAsync();

        await Expect(phone.Result).ToHaveTextAsync("This browser is paired");
    }

    /// <summary>Presses again where the first press came before the page was connected.</summary>
    private static async Task DialogAsync(IPage page, string opener, string field, string confirm)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Waiting.UntilAsync(async () =>
        {
            if (!await dialog.IsVisibleAsync())
            {
                if (!await page.Locator(".act-menu").EvaluateAsync<bool>("menu => menu.open"))
                    await page.Locator(".act-menu > summary").ClickAsync();
                await page.Locator(".act-menu button").Filter(new() { HasText = opener }).First.ClickAsync(new() { Timeout = 2000 });
            }

            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
        await dialog.GetByLabel(field).FillAsync("Tried out");
        await dialog.GetByRole(AriaRole.Button, new() { Name = confirm }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }

    private async Task<IPage> EndAsAdminAsync()
    {
        var admin = (await OpenAsync(Person.Admin)).Page;
        await admin.GotoAsync("/devices");
        await Expect(admin.Locator(".pager")).ToBeVisibleAsync();
        await admin.GetByLabel("Search").FillAsync(DeviceName);
        await admin.GetByRole(AriaRole.Link, new() { Name = DeviceName }).ClickAsync();
        await Expect(admin.GetByRole(AriaRole.Heading, new() { Name = DeviceName, Level = 1 })).ToBeVisibleAsync();
        await admin.Locator(".act-menu > summary").ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog, new() { Name = "Revoke this device?" });
        await Expect(dialog).ToContainTextAsync($"“{DeviceName}” of");
        await Expect(dialog).ToContainTextAsync("This cannot be undone.");
        await dialog.GetByLabel("Reason").FillAsync("Lost on the journey");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke device" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(admin.Locator(".page-head")).ToContainTextAsync("Revoked");
        return admin;
    }
}
