using AdminPortal.Browser.Tests.Devices;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Browser.Tests.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Sync;

/// <summary>"Why does my phone not show my tasks?": support finds the device by the search box and reads why.</summary>
public sealed class SyncSupportJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Owner = "Synke";

    [Fact]
    public async Task Journey_AnOldAppAPoisonOperationAndAConflict_EachIsFoundAndExplained()
    {
        await using var devices = await TestDevices.OpenAsync(Portal);
        await devices.AddAsync(Owner, 3);
        using var old = await SyncingPhone.StartAsync(Portal, Owner, 1, "0.4");
        using var poisoned = await SyncingPhone.StartAsync(Portal, Owner, 2, "1.5");
        using var other = await SyncingPhone.StartAsync(Portal, Owner, 3, "1.5");
        await old.PushAsync(0);
        var admin = (await OpenAsync(Person.Admin)).Page;
        await SetMinimumAsync(admin, "0.5");
        Assert.Empty(await old.PushAsync(7));
        var task = (await other.PushAsync(0, new { opId = "j1", entity = "task", op = "create", clientId = "journey-1", fields = new { title = "Words of Synke" } })).Single();
        var (id, version) = (task.GetProperty("id").GetString()!, task.GetProperty("version").GetInt64());
        await poisoned.PushAsync(0, new { opId = "j2", entity = "task", op = "create", clientId = "journey-2", fields = new { title = "" } });
        await poisoned.PushAsync(0, new { opId = "j3", entity = "task", op = "update", id, baseVersion = version, fields = new { notes = "Poison's own" } });
        await other.PushAsync(0, new { opId = "j4", entity = "task", op = "update", id, baseVersion = version, fields = new { notes = "Others' own" } });

        var page = (await OpenAsync(Person.Support)).Page;
        await ReadAsync(page, 1, "Synke phone 1 has not sent anything since ", ": its app 0.4 is older than the minimum 0.5; 7 changes wait on the device.");
        await ReadAsync(page, 2, "Synke phone 2 syncs, but 1 change was refused and 1 conflict is to be solved.");
        await Expect(page.Locator("#problems").GetByText("title must be a text of at most 1000 characters")).ToBeVisibleAsync();
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Poison's own");
        await Accessibility.ExpectNoFaultAsync(page, "sync-detail-journey");
        await ReadAsync(page, 3, "Synke phone 3 syncs, but 1 conflict is to be solved.");

        await page.GetByRole(AriaRole.Heading, new() { Name = "Trace a task" }).ClickAsync();
        await page.GetByLabel("Id or client id of a task").FillAsync("journey-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Trace", Exact = true }).ClickAsync();
        await Expect(page.GetByText("has only 0").First).ToBeVisibleAsync();
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Words of Synke");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Put back" })).ToHaveCountAsync(0);

        await admin.GotoAsync($"/sync/{TestDevices.DeviceIdOf(Owner, 3)}");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Put back" }).ClickAsync();
        await Expect(admin.GetByText("The value was put back")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("verdict")).Not.ToContainTextAsync("conflict", new() { Timeout = 15_000 }); // by itself
        await SetMinimumAsync(admin, null);
    }

    /// <summary>By the search box to the device, and from there to its sync.</summary>
    private static async Task ReadAsync(IPage page, int number, params string[] sentence)
    {
        await page.GotoAsync("/my-devices");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Waiting.UntilAsync(async () =>
        {
            if (!await page.GetByRole(AriaRole.Dialog).IsVisibleAsync())
                await page.Keyboard.PressAsync("Control+k");
            await Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync(new() { Timeout = 2000 });
        });
        await page.Keyboard.TypeAsync(TestDevices.DeviceIdOf(Owner, number));
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = $"Synke phone {number}" }).ClickAsync();
        foreach (var part in sentence)
            await Expect(page.GetByTestId("verdict")).ToContainTextAsync(part);
    }

    private static async Task SetMinimumAsync(IPage page, string? minimum)
    {
        await page.GotoAsync("/settings/sync");
        await Waiting.UntilAsync(async () =>
        {
            if (minimum is not null)
            {
                await page.GetByLabel("Oldest version that may sync").FillAsync(minimum);
                await page.GetByRole(AriaRole.Button, new() { Name = "See what it would stop" }).ClickAsync(new() { Timeout = 2000 });
                await Expect(page.GetByTestId("stranded")).ToContainTextAsync("This would stop 1 device of 1 person.", new() { Timeout = 2000 });
            }

            await page.GetByRole(AriaRole.Button, new() { Name = minimum is null ? "Let every version sync" : "Save" }).ClickAsync(new() { Timeout = 2000 });
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = minimum is null ? "Every version may sync" : $"At least {minimum}" })).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }
}
