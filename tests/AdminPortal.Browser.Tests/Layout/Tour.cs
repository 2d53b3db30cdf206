using AdminPortal.Browser.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>Every page of the portal, as each role where they differ, but for those of a pairing on its way.</summary>
/// <remarks>/pair is looked at as an admin, who pairs nothing in any test: a device that waits would be shown instead.</remarks>
internal static class Tour
{
    private const string Cards = ".device-card";
    private const string Grid = ".list";
    private const string Empty = ".empty-state";
    private const string Dialog = "[role=dialog].mud-dialog";

    public static IReadOnlyDictionary<string, Stop> Stops { get; } = new Stop[]
    {
        new("sign-in", Person.Nobody, "/sign-in"),
        new("sign-in-refused", Person.Nobody, "/sign-in") { Then = SignInWronglyAsync },
        new("forgot-password", Person.Nobody, "/forgot-password"),
        new("reset-password-without-link", Person.Nobody, "/reset-password"),
        new("not-found-signed-out", Person.Nobody, "/nowhere"),
        new("p-enter", Person.Nobody, "/p", "#enter:not([hidden])"),
        new("overview-user", Person.User, "/", Cards),
        new("overview-support", Person.Support, "/", ".tiles"),
        new("overview-admin", Person.Admin, "/", ".tiles"),
        new("overview-unlinked", Person.FirstAdmin, "/", ".tiles"),
        new("pair-choosing-admin", Person.Admin, "/pair", ".choices"),
        new("pair-nothing-chosen", Person.Admin, "/pair", ".choices") { Then = ShowCodeWithNothingChosenAsync },
        new("pair-unlinked", Person.FirstAdmin, "/pair", Empty),
        new("my-devices", Person.User, "/my-devices", Cards),
        new("my-devices-unlinked", Person.FirstAdmin, "/my-devices", Empty),
        new("my-devices-end-others", Person.User, "/my-devices", Cards) { Then = page => OpenDialogAsync(page, "Revoke all others") },
        new("my-devices-rename", Person.User, "/my-devices", Cards) { Then = page => OpenDialogAsync(page, "Rename", first: true) },
        new("device-own", Person.User, "/devices/sample-device-008", ".scopes"),
        new("device-of-another", Person.User, "/devices/sample-device-016", Empty),
        new("device-support", Person.Support, "/devices/sample-device-008", ".scopes"),
        new("device-admin", Person.Admin, "/devices/sample-device-008", ".scopes"),
        new("device-changed", Person.Admin, "/devices/sample-device-008", ".scopes") { Then = ChangeAPermissionAsync },
        new("device-suspended", Person.Admin, "/devices/sample-device-010", ".scopes"),
        new("device-ended", Person.Admin, "/devices/sample-device-016", ".history"),
        new("device-end", Person.Admin, "/devices/sample-device-008", ".scopes") { Then = page => OpenDialogAsync(page, "Revoke device") },
        new("devices-admin", Person.Admin, "/devices", Grid),
        new("devices-support", Person.Support, "/devices?state=active&sort=expires", Grid),
        new("devices-nothing-found", Person.Support, "/devices?search=nothing+like+this", Empty),
        new("devices-not-allowed", Person.User, "/devices", "text=Your role does not include this page"),
        new("runs", Person.Support, "/runs", $"{Empty}, .runs"),
        new("bulk-preview", Person.Admin, "/devices?state=quarantined", Grid) { Then = PreviewAsync },
        new("bulk-gone", Person.Admin, "/devices/bulk/nothing", Empty),
        new("users", Person.Support, "/users", Grid),
        new("users-nothing-found", Person.Admin, "/users?search=nothing+like+this", Empty),
        new("user-support", Person.Support, "/users/sample-chiara", ".rows"),
        new("user-admin", Person.Admin, "/users/sample-dmitri", ".rows"),
        new("user-pairing-link", Person.Support, "/users/sample-chiara", ".rows") { Then = page => OpenDialogAsync(page, "Send pairing link…", first: true) },
        new("user-missing", Person.Admin, "/users/nobody", Empty),
        new("sync", Person.Support, "/sync", $"{Empty}, {Grid}"),
        new("sync-all", Person.Support, "/sync?show=all", Grid),
        new("sync-filtered", Person.Support, "/sync?verdict=stale", Grid),
        new("sync-nothing-found", Person.Support, "/sync?search=nothing+like+this", Empty),
        new("sync-detail", Person.Support, "/sync/sample-device-010", ".verdict-sentence"),
        new("sync-detail-admin", Person.Admin, "/sync/sample-device-000", ".verdict-sentence") { Then = TraceAsync },
        new("sync-detail-missing", Person.Support, "/sync/nothing", Empty),
        new("sync-detail-not-allowed", Person.User, "/sync/sample-device-000", "text=Your role does not include this page"),
        new("minimum-version", Person.Admin, "/settings/sync", "#minimum") { Then = SimulateMinimumAsync },
        new("sync-thresholds", Person.Admin, "/settings/sync-thresholds", "#threshold-refusals") { Then = SimulateThresholdsAsync },
        new("minimum-version-support", Person.Support, "/settings/sync", "#minimum"),
        new("accounts", Person.Admin, "/accounts", Grid),
        new("accounts-new", Person.Admin, "/accounts", Grid) { Then = page => OpenDialogAsync(page, "New account") },
        new("accounts-manage", Person.Admin, "/accounts", Grid) { Then = page => OpenDialogAsync(page, "Manage support@sample.example") },
        new("permissions-requests", Person.User, "/permissions", $"{Empty}, .rows"),
        new("permissions-ending", Person.Admin, "/permissions?tab=ending", $"{Empty}, .rows"),
        new("settings", Person.Support, "/settings", ".cards"),
        new("policies", Person.Admin, "/settings/policies", ".rows"),
        new("policy-draft", Person.Admin, "/settings/policies/longest-pairing", ".policy-form") { Then = SimulateAsync },
        new("policy-support", Person.Support, "/settings/policies/admin-scopes", ".policy-form"),
        new("policy-missing", Person.Admin, "/settings/policies/nothing", Empty),
        new("operator-notices", Person.Admin, "/settings/notices", ".topics"),
        new("operator-notices-support", Person.Support, "/settings/notices", ".topics"),
        new("verification", Person.Admin, "/verification", ".rows"),
        new("verification-target", Person.Support, "/verification/main", $".checks, {Empty}"),
        new("verification-missing", Person.Admin, "/verification/nowhere", Empty),
        new("verification-duplicates", Person.Admin, "/verification/main/duplicates", $".panel, {Empty}"),
        new("jobs", Person.Admin, "/jobs", ".jobs"),
        new("jobs-preview", Person.Admin, "/jobs", ".jobs") { Then = page => OpenDialogAsync(page, "Run now…: Expired pairings") },
        new("monitoring", Person.Support, "/monitoring", $".plots, {Empty}"),
        new("monitoring-90d", Person.Admin, "/monitoring?range=90d", $".plots, {Empty}"),
        new("targets", Person.Admin, "/targets", ".lane"),
        new("migrations", Person.Admin, "/migrations/main", ".history"),
        new("migrations-comparison", Person.Support, "/migrations/main/comparison", Empty),
        new("deployment", Person.Admin, "/deployments/main", ".deployment-lines"),
        new("deployment-tick", Person.Admin, "/deployments/staging", ".deployment-lines") { Then = page => OpenDialogAsync(page, "Tick by hand…", first: true) },
        new("deployment-missing", Person.Support, "/deployments/nothing", Empty),
        new("deployment-report", Person.Support, "/deployments/main/report", ".report"),
        new("migrations-missing", Person.Support, "/migrations/nothing", Empty),
        new("backups", Person.Admin, "/backups", ".panel"),
        new("backups-support", Person.Support, "/backups?all=true", ".panel"),
        new("backup-missing", Person.Admin, "/backups/nothing", Empty),
        new("service-keys", Person.Admin, "/service-keys", $"{Empty}, {Grid}"),
        new("service-keys-new", Person.Admin, "/service-keys", $"{Empty}, {Grid}") { Then = page => OpenDialogAsync(page, "New key", first: true) },
        new("mail", Person.Admin, "/mail", Empty),
        new("search", Person.Admin, "/my-devices") { Then = SearchAsync },
        new("notices", Person.User, "/notices", ".notices, .empty-state"),
        new("notices-unread", Person.Support, "/notices?show=unread"),
        new("alerts-admin", Person.Admin, "/alerts", ".alerts, .empty-state"),
        new("alerts-closed-support", Person.Support, "/alerts?show=closed", ".alerts, .empty-state"),
        new("activity-admin", Person.Admin, "/activity", ".activity"),
        new("activity-filtered", Person.Support, "/activity?outcome=refused&from=2026-01-01&who=nobody", Empty),
        new("activity-user", Person.User, "/activity", ".activity"),
        new("device-disown", Person.User, "/devices/sample-device-008", ".scopes") { Then = page => OpenDialogAsync(page, "This was not me") },
        new("account", Person.User, "/account", "form .field"),
        new("account-unlinked", Person.FirstAdmin, "/account", "form .field"),
        new("not-found", Person.User, "/nowhere", "text=There is no such page"),
        new("account-menu", Person.User, "/my-devices", Cards) { Then = page => page.Locator("summary").ClickAsync() },
        new("drawer", Person.Admin, "/users", Grid) { Then = page => page.GetByRole(AriaRole.Button, new() { Name = "Menu", Exact = true }).ClickAsync(), PhoneOnly = true },
    }.ToDictionary(stop => stop.Name, StringComparer.Ordinal);

    public static async Task ArriveAsync(Stop stop, IPage page)
    {
        await page.GotoAsync(stop.Path);
        await Expect(page.Locator(stop.Ready).First).ToBeVisibleAsync();
        await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        if (stop.Then is not null)
            await stop.Then(page);
    }

    private static async Task SignInWronglyAsync(IPage page)
    {
        await page.GetByLabel("E-mail").FillAsync("somebody@sample.example");
        await page.GetByLabel("Password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("E-mail or password is wrong.");
    }

    private static async Task ShowCodeWithNothingChosenAsync(IPage page)
    {
        foreach (var box in await page.GetByRole(AriaRole.Checkbox).AllAsync())
            await box.UncheckAsync();
        await page.GetByTestId("show-code").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    private static async Task ChangeAPermissionAsync(IPage page)
    {
        await page.Locator(".scopes input[type=checkbox]").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeVisibleAsync();
    }

    private static async Task PreviewAsync(IPage page)
    {
        await Waiting.UntilAsync(async () =>
        {
            if (!page.Url.Contains("/devices/bulk/", StringComparison.Ordinal))
            {
                await page.Locator("th.tick input").CheckAsync(new() { Timeout = 2000 });
                await page.GetByRole(AriaRole.Button, new() { Name = "Preview…" }).ClickAsync(new() { Timeout = 2000 });
            }

            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Impact" })).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    private static async Task SimulateAsync(IPage page)
    {
        await Waiting.UntilAsync(async () =>
        {
            await page.GetByLabel("Days that a pairing lasts at most").FillAsync("7");
            await page.GetByLabel("Days that a pairing lasts at most").PressAsync("Tab");
            await page.GetByRole(AriaRole.Button, new() { Name = "See what it would do" }).ClickAsync();
            await Expect(page.GetByTestId("simulation")).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    private static async Task TraceAsync(IPage page)
    {
        await Waiting.UntilAsync(async () =>
        {
            if (!await page.GetByLabel("Id or client id of a task").IsVisibleAsync())
                await page.GetByRole(AriaRole.Heading, new() { Name = "Trace a task" }).ClickAsync();
            await page.GetByLabel("Id or client id of a task").FillAsync("nothing-like-this");
            await page.GetByRole(AriaRole.Button, new() { Name = "Trace", Exact = true }).ClickAsync();
            await Expect(page.GetByText("Nothing with this id ever came")).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    private static async Task SimulateThresholdsAsync(IPage page)
    {
        await Waiting.UntilAsync(async () =>
        {
            await page.GetByLabel("Oldest change waits for longer than").FillAsync("61");
            await page.GetByRole(AriaRole.Button, new() { Name = "See what it would change" }).ClickAsync(new() { Timeout = 2000 });
            await Expect(page.GetByTestId("threshold-changes")).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    private static async Task SimulateMinimumAsync(IPage page)
    {
        await Waiting.UntilAsync(async () =>
        {
            await page.GetByLabel("Oldest version that may sync").FillAsync("2.2");
            await page.GetByRole(AriaRole.Button, new() { Name = "See what it would stop" }).ClickAsync();
            await Expect(page.GetByTestId("stranded")).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    private static async Task SearchAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Find" }).FillAsync("sa");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
    }

    /// <summary>Presses again where the first press came before the page was connected.</summary>
    private static async Task OpenDialogAsync(IPage page, string button, bool first = false)
    {
        var opener = page.GetByRole(AriaRole.Button, new() { Name = button });
        var dialog = page.Locator(Dialog);
        await Waiting.UntilAsync(async () =>
        {
            if (await page.Locator(".act-menu:not([open]) > summary").CountAsync() == 1 && await dialog.CountAsync() == 0 && !await opener.First.IsVisibleAsync())
                await page.Locator(".act-menu > summary").ClickAsync();
            if (await dialog.CountAsync() == 0)
                await (first ? opener.First : opener).ClickAsync();
            await Expect(dialog).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }
}
