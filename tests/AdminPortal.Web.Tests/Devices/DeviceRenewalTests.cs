using System.Net;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Sync;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>A pairing near its end goes on without being scanned again, as far as the policies let it.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class DeviceRenewalTests(ApiPortal portal)
{
    private const string Renew = "/api/devices/me/renew";

    [Fact]
    public async Task Renew_NearTheEnd_GivesTheSameTimeAgainOnRecord()
    {
        var phone = await PairedAsync(pairedDaysAgo: 80, days: 90);

        var until = Until((await phone.Api.PostAsync(Renew, null)).Data());

        Assert.InRange(until, Now.AddDays(89.9), Now.AddDays(90.1));
        Assert.Equal(until, Until((await phone.Api.GetAsync("/api/qr/pair")).Data()[0]), TimeSpan.FromSeconds(1));
        Assert.Equal(1L, await phone.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE kind = 'renewed' AND "deviceId" = $1""", phone.DeviceId));
    }

    [Fact]
    public async Task Renew_Twice_SaysThatItIsTooEarly()
    {
        var phone = await PairedAsync(pairedDaysAgo: 80, days: 90);
        (await phone.Api.PostAsync(Renew, null)).Data();

        var problem = (await phone.Api.PostAsync(Renew, null)).IsProblem(HttpStatusCode.Conflict, "renewal-too-early");

        Assert.InRange(problem.GetProperty("renewableFrom").GetDateTimeOffset(), Now.AddDays(44.9), Now.AddDays(45.1));
    }

    /// <summary>The longest that a pairing may last, of the configuration (365 days), counts from when the person scanned.</summary>
    [Fact]
    public async Task Renew_BeyondTheLongestPairing_GoesAsFarAsThatAndThenNoFarther()
    {
        var phone = await PairedAsync(pairedDaysAgo: 355, days: 360);

        Assert.InRange(Until((await phone.Api.PostAsync(Renew, null)).Data()), Now.AddDays(9.9), Now.AddDays(10.1));
        await OwnerAsync(phone, $"""
            UPDATE portal.device_events SET at = at - interval '9 days' WHERE "deviceId" = '{phone.DeviceId}';
            UPDATE public.device_pairings SET "expiresAt" = "expiresAt" - interval '9 days' WHERE "deviceId" = '{phone.DeviceId}';
            """);

        (await phone.Api.PostAsync(Renew, null)).IsProblem(HttpStatusCode.Conflict, "renewal-not-allowed");
    }

    [Fact]
    public async Task Renew_UnderAPolicy_IsHeldToIt()
    {
        await using var own = new ApiPortal(portal.Cluster);
        await own.InitializeAsync();
        var phone = await PairedAsync(pairedDaysAgo: 80, days: 90, own);
        await OwnerAsync(phone, """
            DELETE FROM portal.device_policies WHERE name = 'longest-pairing';
            INSERT INTO portal.device_policies (name, enabled, settings, version, "updatedBy") VALUES ('longest-pairing', true, '{"days":100,"shortenExisting":false}', 1, 'test');
            """);

        Assert.InRange(Until((await phone.Api.PostAsync(Renew, null)).Data()), Now.AddDays(19.9), Now.AddDays(20.1));
    }

    [Fact]
    public async Task Renew_AfterTheEndOrByAPerson_IsRefused()
    {
        var phone = await PairedAsync(pairedDaysAgo: 91, days: 90);

        (await phone.Api.PostAsync(Renew, null)).IsProblem(HttpStatusCode.Unauthorized, "device-expired");
        (await phone.Person.Api.PostAsync(Renew, null)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static DateTimeOffset Until(System.Text.Json.JsonElement data) => data.GetProperty("expiresAt").GetDateTimeOffset();

    private async Task<SyncPhone> PairedAsync(int pairedDaysAgo, int days, ApiPortal? own = null)
    {
        var phone = await SyncPhone.PairAsync(own ?? portal, await (own ?? portal).NewPersonAsync());
        await OwnerAsync(phone, $"""
            UPDATE portal.device_events SET at = now() - make_interval(days => {pairedDaysAgo}) WHERE "deviceId" = '{phone.DeviceId}' AND kind = 'paired';
            UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' + make_interval(days => {days - pairedDaysAgo}) WHERE "deviceId" = '{phone.DeviceId}';
            """);
        return phone;
    }

    /// <summary>As time would.</summary>
    private static async Task OwnerAsync(SyncPhone phone, string sql)
    {
        await using var owner = await phone.Portal.OpenOwnerAsync();
        await owner.ExecuteAsync(sql);
    }
}
