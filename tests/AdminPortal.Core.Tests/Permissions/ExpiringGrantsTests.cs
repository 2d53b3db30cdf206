using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Permissions;

/// <summary>What ended is recorded once, and what will end is told once for each of the two moments.</summary>
public sealed class ExpiringGrantsTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task Run_AfterTheEnd_RecordsItOnceAndAMovedEndAnew()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner, null, PermissionScope.ViewTranscript);
        await EndsInAsync(phone, "-1 second");

        await RunAsync();
        await RunAsync();
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.PermissionExpired);
        Assert.StartsWith("VIEW_TRANSCRIPT on ", await World.ScalarAsync<string>("""SELECT detail FROM portal.device_events WHERE "pairingId" = $1 AND kind = 'permission-expired'""", phone.PairingId), StringComparison.Ordinal);

        await EndsInAsync(phone, "1 hour");
        await RunAsync();
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.PermissionExpired);
        await EndsInAsync(phone, "-3 seconds");
        await RunAsync();
        Assert.Equal(2, (await World.EventsAsync(owner)).Count(e => e == DeviceEventKind.PermissionExpired));
    }

    [Fact]
    public async Task Run_TwoAtOnce_RecordOnce()
    {
        // The cluster lets one run at a time; even two in a row of different instances must agree.
        var owner = await World.NewPersonAsync();
        await EndsInAsync(await World.PairAsync(owner), "-1 second");

        await RunAsync();
        await new ExpiringGrants(NewWorld().Databases).RunAsync(Token);

        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.PermissionExpired);
    }

    [Theory]
    [InlineData("7 days 1 minute", 0)]
    [InlineData("6 days 23 hours", 1)]
    [InlineData("1 day 1 minute", 1)]
    [InlineData("23 hours", 1)] // first seen so late: told once, not for both moments
    [InlineData("-1 second", 0)]
    public async Task Run_AroundTheWindows_TellsTheOwner(string ends, int notices)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync(), null, PermissionScope.ViewTranscript, PermissionScope.WriteNotes);
        await EndsInAsync(phone, ends);

        await RunAsync();
        await RunAsync();

        Assert.Equal(notices, await NoticesAsync(phone, "scopes-expiring"));
        if (notices > 0)
            Assert.Contains("WRITE_NOTES until ", await World.ScalarAsync<string>("""SELECT detail FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = 'scopes-expiring'""", phone.PairingId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AWeekThenADayBefore_TellsTwice()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await EndsInAsync(phone, "6 days");
        await RunAsync();
        // Six days later, seen from the rows.
        await World.ExecuteAsync("""UPDATE portal.policy_warnings SET "warnedAt" = "warnedAt" - interval '5 days 12 hours' WHERE "pairingId" = $1""", phone.PairingId);
        await EndsInAsync(phone, "12 hours");

        await RunAsync();
        await RunAsync();

        Assert.Equal(2, await NoticesAsync(phone, "scopes-expiring"));
    }

    [Fact]
    public async Task Run_GrantedForAnHour_TellsNobody()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' + interval '1 hour' WHERE "devicePairingId" = $1""", phone.PairingId);

        await RunAsync();

        Assert.Equal(0, await NoticesAsync(phone, "scopes-expiring"));
    }

    [Fact]
    public async Task Run_PairingEndsSoon_SpeaksOfThePairing()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync(
            """UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' + interval '3 days', "createdAt" = "createdAt" - interval '87 days' WHERE id = $1""", phone.PairingId);
        await EndsInAsync(phone, "4 days"); // outlives its pairing

        await RunAsync();
        await RunAsync();

        Assert.Equal((0, 1), (await NoticesAsync(phone, "scopes-expiring"), await NoticesAsync(phone, "pairing-expiring")));
    }

    [Fact]
    public async Task Run_PairingRanOut_ClosesItsRequests()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await World.Requests.AskAsync(owner, phone.PairingId, [new(PermissionScope.ViewTranscript)], null, Token);
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);

        await RunAsync();

        Assert.Equal(RequestState.Void, (await World.Requests.OfDeviceAsync(phone.PairingId, Token))[0].State);
    }

    private Task<ExpiringResult> RunAsync() => new ExpiringGrants(World.Databases).RunAsync(Token);

    /// <summary>Granted long ago, and ending then.</summary>
    private Task<int> EndsInAsync(PairedPhone phone, string ends) => World.ExecuteAsync(
        $"""
         UPDATE public.device_permissions SET "expiresAt" = now() AT TIME ZONE 'utc' + interval '{ends}', "grantedAt" = now() AT TIME ZONE 'utc' - interval '30 days'
         WHERE "devicePairingId" = $1
         """, phone.PairingId);

    private Task<long> NoticesAsync(PairedPhone phone, string kind) =>
        World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = $2""", phone.PairingId, kind);
}
