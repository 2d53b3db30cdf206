using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Housekeeping;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Housekeeping;

/// <summary>Pairings that ended and ran out long ago go, and nothing else does.</summary>
public sealed class ExpiredPairingsTests(PairingDatabases databases) : PairingTest(databases), IAsyncLifetime
{
    private const int Days = 90;
    private static readonly Actor Admin = new("admin", "The admin", AccountRole.Admin, null, null);

    public async ValueTask InitializeAsync() => await World.ExecuteAsync("DELETE FROM public.device_pairings");

    [Theory]
    [InlineData("90 days 1 minute", false)]
    [InlineData("89 days 23 hours 59 minutes", true)]
    public async Task Run_EndedPairingAroundTheThreshold_IsRemovedOnlyBeyondIt(string ago, bool stays)
    {
        var phone = await EndedAsync(ago);

        var result = await Service().RunAsync(Token);

        Assert.Equal(stays, await ExistsAsync(phone));
        Assert.Equal(stays ? (0, 0) : (1, 2), (result.Pairings, result.Permissions));
    }

    [Fact]
    public async Task Run_RemovedPairing_KeepsItsHistoryAndItsTokenIsStillRevoked()
    {
        var phone = await EndedAsync("200 days");

        await Service().RunAsync(Token);

        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_permissions WHERE "devicePairingId" = $1""", phone.PairingId));
        Assert.Equal(
            $"{DeviceEventKind.Paired} {DeviceEventKind.Revoked} {DeviceEventKind.Removed}",
            await World.ScalarAsync<string>("""SELECT string_agg(kind, ' ' ORDER BY id) FROM portal.device_events WHERE "pairingId" = $1 AND kind IN ('paired', 'revoked', 'removed')""", phone.PairingId));
    }

    [Fact]
    public async Task Run_PairingThatAHostEndedByItself_ItsTokenIsRevokedFromThenOn()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "isActive" = false, "expiresAt" = now() - interval '1 year', "sessionToken" = 'raw-token' WHERE id = $1""", phone.PairingId);

        await Service().RunAsync(Token);

        Assert.Equal(
            Core.Pairing.PairingSecrets.TokenHash("raw-token"),
            await World.ScalarAsync<string>("""SELECT hash FROM portal.token_history WHERE "pairingId" = $1 AND reason = 'revoked'""", phone.PairingId));
    }

    [Fact]
    public async Task Run_QuarantinedActiveOrAlerted_StaysHoweverLongAgoItRanOut()
    {
        var (quarantined, active, alerted) = (await EndedAsync("5 years"), await EndedAsync("5 years"), await EndedAsync("5 years"));
        await World.QuarantineAsync(quarantined.PairingId);
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "isActive" = true WHERE id = $1""", active.PairingId);
        await World.ExecuteAsync(
            """INSERT INTO portal.device_alerts (id, kind, "userId", "pairingId", "deviceTitle", "openedBy") SELECT 'a-' || id, 'disowned', "userId", id, 'Phone', 'owner' FROM public.device_pairings WHERE id = $1""", alerted.PairingId);

        Assert.Equal(0, (await Service().PreviewAsync(Token)).Pairings);
        Assert.Equal(0, (await Service().RunAsync(Token)).Pairings);

        Assert.True(await ExistsAsync(quarantined) && await ExistsAsync(active) && await ExistsAsync(alerted));
    }

    [Fact]
    public async Task Preview_CountsWhatARunWouldRemove_AndChangesNothing()
    {
        var (old, older, kept) = (await EndedAsync("100 days"), await EndedAsync("300 days"), await EndedAsync("10 days"));
        var job = Job();

        var preview = await Service().PreviewAsync(Token);
        var words = await job.PreviewAsync(Token);

        Assert.Equal((2, 4), (preview.Pairings, preview.Permissions));
        Assert.Equal((await ExpiryAsync(older), await ExpiryAsync(old)), (preview.Oldest, preview.Newest));
        Assert.StartsWith("It would remove 2 pairings and 4 permissions.", words, StringComparison.Ordinal);
        Assert.True(await ExistsAsync(old) && await ExistsAsync(older) && await ExistsAsync(kept));

        var result = await job.RunAsync(Token);
        Assert.StartsWith("Removed 2 pairings and 4 permissions", result.Message, StringComparison.Ordinal);
        Assert.True(Assert.IsType<ExpiredPairingsResult>(result.Figures) is { Bytes: > 200, TableBytes: > 0, Oldest: not null });
        Assert.StartsWith("It would remove nothing", await job.PreviewAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThirdBatchFails_TheFirstTwoStayDoneAndTheNextRunDoesTheRest()
    {
        var phones = new List<PairedPhone>();
        for (var i = 0; i < 5; i++)
            phones.Add(await EndedAsync($"{300 - i} days"));
        await OwnerAsync($"""
            CREATE FUNCTION public.stop_clean_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stopped'; END $$;
            CREATE TRIGGER stop_clean_up BEFORE DELETE ON public.device_pairings FOR EACH ROW WHEN (OLD.id = '{phones[4].PairingId}') EXECUTE FUNCTION public.stop_clean_up()
            """);
        try
        {
            await Assert.ThrowsAsync<PostgresException>(() => Service(batch: 2).RunAsync(Token));
        }
        finally
        {
            await OwnerAsync("DROP TRIGGER stop_clean_up ON public.device_pairings; DROP FUNCTION public.stop_clean_up()");
        }

        Assert.Equal(1, await World.ScalarAsync<long>("SELECT count(*) FROM public.device_pairings"));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phones[0].SessionToken));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.device_events WHERE "pairingId" = $1 AND kind = 'removed'""", phones[4].PairingId));
        Assert.Equal(1, (await Service(batch: 2).RunAsync(Token)).Pairings);
    }

    [Fact]
    public async Task Run_RowThatSomebodyHolds_IsLeftToTheNextRunWithoutWaiting()
    {
        var (held, free) = (await EndedAsync("100 days"), await EndedAsync("100 days"));
        await using (var connection = await Store.Owner.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var command = new NpgsqlCommand("SELECT 1 FROM public.device_pairings WHERE id = $1 FOR UPDATE", connection) { Parameters = { new() { Value = held.PairingId } } };
            await command.ExecuteNonQueryAsync(Token);

            Assert.Equal(1, (await Service().RunAsync(Token)).Pairings);
            Assert.True(await ExistsAsync(held) && !await ExistsAsync(free));
        }

        Assert.Equal(1, (await Service().RunAsync(Token)).Pairings);
    }

    [Fact]
    public async Task Run_DeviceThatIsPairedAgainMeanwhile_IsNotRemoved()
    {
        var owner = await World.NewPersonAsync();
        var phone = await EndedAsync("100 days", owner);
        var again = await World.PairAsync(owner, phone.DeviceId);

        await Service().RunAsync(Token);

        Assert.Equal(phone.PairingId, again.PairingId);
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(again.SessionToken));
    }

    private static IOptions<HousekeepingOptions> Settings(int batch = 1000) => Options.Create(new HousekeepingOptions { ExpiredPairingDays = Days, BatchRows = batch });

    private ExpiredPairings Service(int batch = 1000) => new(World.Databases, World.Meter, Settings(batch));

    private ExpiredPairingsJob Job() => new ExpiredPairingsJob(Service(), Settings());

    /// <summary>A device with two scopes that was revoked, and whose pairing ran out this long ago.</summary>
    private async Task<PairedPhone> EndedAsync(string ago, Actor? owner = null)
    {
        var phone = await World.PairAsync(owner ?? await World.NewPersonAsync(), null, PermissionScope.WriteNotes, PermissionScope.ViewTranscript);
        Assert.IsType<DeviceActOutcome.Done>(await World.Devices.RevokeAsync(Admin, phone.PairingId, null, Token));
        await World.ExecuteAsync($"""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '{ago}' WHERE id = $1""", phone.PairingId);
        return phone;
    }

    private async Task<bool> ExistsAsync(PairedPhone phone) => await World.ScalarAsync<long>("SELECT count(*) FROM public.device_pairings WHERE id = $1", phone.PairingId) == 1;

    private Task<DateTime> ExpiryAsync(PairedPhone phone) => World.ScalarAsync<DateTime>("""SELECT "expiresAt" FROM public.device_pairings WHERE id = $1""", phone.PairingId);

    private async Task OwnerAsync(string sql)
    {
        await using var command = Store.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
