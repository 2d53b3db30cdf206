using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Devices whose clocks stand anywhere: they sync, are told to have a wrong clock, and no page fails over them.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncClockTests(ApiPortal portal)
{
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    public static TheoryData<string, string> Clocks => new()
    {
        { "push", "0001-01-01T00:00:00Z" },
        { "push", "9999-12-31T23:59:59.9999999Z" },
        { "push", "1970-01-01T00:00:07Z" },
        { "report", "0001-01-01T00:00:00Z" },
        { "report", "9999-12-31T23:59:59.9999999Z" },
    };

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task SentAt_Absurd_IsKeptAsAWrongClock_AndEveryPageIsLoaded(string call, string clock)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var state = new { pending = 1, oldestPendingAt = clock, rejected = 0 };

        (await phone.Api.PostAsync($"/api/sync/{call}", new { schemaVersion = 1, sentAt = clock, state, ops = Array.Empty<object>() })).Data();
        (await phone.PullAsync()).Data();

        var standing = await StandingAsync(phone);
        Assert.True(standing.Is(SyncVerdict.ClockWrong));
        Assert.Equal(1, standing.Pending);
        await AssertPagesAsync(phone);
        await phone.ExecuteAsync("DELETE FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task OldestPendingAt_Absurd_ByARightClock_IsNotKnown(string oldest)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        (await phone.Api.PostAsync("/api/sync/report", new { sentAt = TimeProvider.System.GetUtcNow(), state = new { pending = int.MaxValue, oldestPendingAt = oldest, rejected = 0 } })).Data();

        var standing = await StandingAsync(phone);
        Assert.False(standing.Is(SyncVerdict.ClockWrong));
        Assert.Null(standing.OldestPendingAt);
        await AssertPagesAsync(phone);
        await phone.ExecuteAsync("DELETE FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId);
    }

    [Fact]
    public async Task Pending_OfAFailedPush_BeyondTheLargestNumber_IsTheLargest()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        (await phone.Api.PostAsync("/api/sync/push", new { schemaVersion = 2, state = new { pending = int.MaxValue }, ops = new[] { SyncPhone.Create("c", "t") } }))
            .IsProblem(HttpStatusCode.ServiceUnavailable, "portal-outdated");

        Assert.Equal(int.MaxValue, await phone.ScalarAsync<int>("SELECT pending FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Theory]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task PermissionRequest_UntilTheEndOfTheCalendar_IsRefused(string until)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        var answer = await phone.Api.PostAsync("/api/qr/permissions/requests", new { permissions = new[] { new { scope = "VIEW_TRANSCRIPT", expiresAt = until } } });

        Assert.Contains("2199", answer.IsProblem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<SyncStanding> StandingAsync(SyncPhone phone) => Assert.Single(
        (await portal.Portal.Services.GetRequiredService<SyncStatusList>().ListAsync(Support, new SyncStatusQuery(phone.DeviceId), TestContext.Current.CancellationToken)).Rows);

    private async Task AssertPagesAsync(SyncPhone phone)
    {
        var pages = new PageReader(portal.Portal);
        foreach (var path in (string[])["/", "/sync", $"/sync/{phone.DeviceId}", $"/users/{phone.Person.Id}"])
        {
            var html = await pages.ReadAsync(path, AccountRole.Support);
            Assert.False(html.Contains("Try again", StringComparison.Ordinal), $"{path} failed.");
            Assert.False(html.Contains("class=\"skeleton\"", StringComparison.Ordinal), $"{path} was not loaded.");
        }
    }
}
