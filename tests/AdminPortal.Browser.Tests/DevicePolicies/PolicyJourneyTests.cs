using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Core.EmbeddedDatabase;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AdminPortal.Browser.Tests.DevicePolicies;

/// <summary>An admin drafts “unseen 60 days → quarantine”, sees whom it meets, exempts one, switches it on, runs it, and sees what it did.</summary>
public sealed class PolicyJourneyTests(RunningPortal portal, Chromium chromium) : PortalTest(portal, chromium)
{
    private const string Kept = "policy-kept";
    private const string Stale = "policy-stale";

    [Fact]
    public async Task Unseen_FromDraftToRecordedResult_QuarantinesAllButTheExempt()
    {
        await AddDeviceAsync(Kept, "Phone in the safe");
        await AddDeviceAsync(Stale, "Forgotten tablet");
        var page = (await OpenAsync(Person.Admin)).Page;
        await page.GotoAsync("/settings/policies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Unseen devices", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch on" })).ToBeDisabledAsync(); // nobody has seen yet what it would do

        await ChangeAsync(page, "Days without a call", "700");
        await ChangeAsync(page, "Days from telling the owner to the act", "0");
        await page.GetByLabel("What happens").SelectOptionAsync("Quarantine");
        await page.GetByRole(AriaRole.Button, new() { Name = "See what it would do" }).ClickAsync();
        var simulation = page.GetByTestId("simulation");
        await Expect(simulation).ToContainTextAsync("2 devices match");
        await Expect(simulation).ToContainTextAsync("quarantine 2 devices");

        await page.GetByRole(AriaRole.Button, new() { Name = "Exempt… Phone in the safe", Exact = true }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("It is the spare for emergencies.");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Exempt", Exact = true }).ClickAsync();
        await Expect(simulation).ToContainTextAsync("1 device matches");
        await Expect(page.GetByText("It is the spare for emergencies.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off" })).ToBeVisibleAsync();
        Assert.Equal("active", await StateAsync(Stale)); // switching on acts on nothing by itself

        await page.GotoAsync("/jobs");
        var job = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Device policies" });
        await job.GetByRole(AriaRole.Button, new() { Name = "Run now: Device policies" }).ClickAsync();
        await Expect(job).ToContainTextAsync("1 device matched, owners of 0 told, 1 device acted on.", new() { Timeout = 30_000 });
        await Expect(job).ToContainTextAsync("Done");
        Assert.Equal(("quarantined", "active"), (await StateAsync(Stale), await StateAsync(Kept)));

        await page.GotoAsync($"/devices/{Stale}");
        await Expect(page.GetByText("Policy “unseen”").First).ToBeVisibleAsync();

        var support = (await OpenAsync(Person.Support)).Page;
        await support.GotoAsync("/settings/policies/unseen");
        await Expect(support.GetByRole(AriaRole.Button, new() { Name = "See what it would do" })).ToBeVisibleAsync();
        await Expect(support.GetByRole(AriaRole.Button, new() { Name = "Switch off" })).ToHaveCountAsync(0);

        await page.GotoAsync("/settings/policies/unseen");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch on" })).ToBeVisibleAsync();
    }

    /// <summary>Types again where the first try came before the page was connected.</summary>
    private static async Task ChangeAsync(IPage page, string label, string value)
    {
        var field = page.GetByLabel(label);
        await Waiting.UntilAsync(async () =>
        {
            await field.FillAsync("1");
            await field.FillAsync(value);
            await field.PressAsync("Tab");
            await Expect(page.GetByText(label.StartsWith("Days without", StringComparison.Ordinal) ? $"{value} days" : "is quarantined.").First).ToBeVisibleAsync(new() { Timeout = 2000 });
        });
    }

    /// <summary>Of a person whom no other test counts devices of.</summary>
    private async Task AddDeviceAsync(string id, string name) => await ExecuteAsync(
        """
        WITH owner AS (
            INSERT INTO public.users (id, email, "updatedAt") VALUES ('policy-owner', 'owner@policy.example', now())
            ON CONFLICT (id) DO UPDATE SET "updatedAt" = excluded."updatedAt" RETURNING id
        )
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "lastSeenAt", "updatedAt")
        SELECT $1, u.id, $1, 'TABLET', $2, 'sha256:' || $1, now() AT TIME ZONE 'utc' + interval '30 days', now() AT TIME ZONE 'utc' - interval '701 days', now() AT TIME ZONE 'utc'
        FROM owner u
        """, id, name);

    private async Task<string> StateAsync(string id) => (string)(await ExecuteAsync(
        """SELECT CASE WHEN EXISTS (SELECT 1 FROM portal.device_state s WHERE s."pairingId" = p.id) THEN 'quarantined' WHEN p."isActive" THEN 'active' ELSE 'revoked' END FROM public.device_pairings p WHERE p.id = $1""", id))!;

    private async Task<object?> ExecuteAsync(string sql, params string[] values)
    {
        var server = await Portal.FindDatabaseAsync(Token);
        await using var connection = new NpgsqlConnection(server.ConnectionString("main", EmbeddedRole.Owner));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync(Token);
    }
}
