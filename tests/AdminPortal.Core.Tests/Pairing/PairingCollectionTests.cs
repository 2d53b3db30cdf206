using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>The device fetches its token: one pairing, one token, all rows or none.</summary>
public sealed class PairingCollectionTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task CollectAsync_BeforeTheUserAnswered_IsPending()
    {
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())));

        Assert.Equal(new CollectOutcome.Pending(claim.ExpiresAt), await World.CollectAsync(claim));
    }

    [Fact]
    public async Task CollectAsync_Confirmed_GivesATokenThatWorksAndTheScopesOfTheCode()
    {
        var user = await World.NewPersonAsync();
        var until = new DateTimeOffset(2099, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var code = await World.NewCodeAsync(user, new CodeRequest([new(PermissionScope.WriteNotes), new(PermissionScope.ViewTranscript, until)], PairingDays: 7));
        var request = PairingWorld.Scan(code);
        var claim = await World.ConfirmedAsync(user, request);

        var device = await World.CollectedAsync(claim);

        Assert.Equal(request.DeviceId, device.DeviceId);
        Assert.StartsWith("dvc_", device.SessionToken, StringComparison.Ordinal);
        Assert.Equal([new ScopeGrant(PermissionScope.WriteNotes), new(PermissionScope.ViewTranscript, until)], device.Permissions);
        Assert.Equal(
            $"{user.UserId}|MOBILE_IOS|Test phone|{PairingSecrets.TokenHash(device.SessionToken)}|{request.Address}|test agent|t|7|VIEW_TRANSCRIPT 2099-01-02 03:04:05,WRITE_NOTES ever",
            await World.ScalarAsync<string>(
                """
                SELECT concat_ws('|', p."userId", p."deviceType", p."deviceName", p."sessionToken", p."ipAddress", p."userAgent", p."isActive",
                    round(extract(epoch FROM p."expiresAt" - p."createdAt") / 86400), (
                    SELECT string_agg(s.permission || ' ' || coalesce(s."expiresAt"::text, 'ever'), ',' ORDER BY s.permission::text)
                    FROM public.device_permissions s WHERE s."devicePairingId" = p.id))
                FROM public.device_pairings p WHERE p."deviceId" = $1
                """, device.DeviceId));
        var valid = Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(device.SessionToken));
        Assert.Equal((device.DeviceId, user.UserId), (valid.DeviceId, valid.UserId));
        var status = await World.Confirmation.FindAsync(user, claim.SessionId, Token);
        Assert.Equal((PairingStage.Collected, valid.PairingId), (status!.Stage, status.PairingId));
    }

    [Fact]
    public async Task CollectAsync_NameChosenBefore_WinsOverTheDevicesOwn()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user, new CodeRequest([new(PermissionScope.WriteNotes)], DeviceName: "Ward tablet"));

        var device = await World.CollectedAsync(await World.ConfirmedAsync(user, PairingWorld.Scan(code)));

        Assert.Equal("Ward tablet", await NameAsync(device.DeviceId));
    }

    [Fact]
    public async Task CollectAsync_PairedAgain_KeepsTheNameThatTheOwnerGave()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.Devices.RenameAsync(user, phone.PairingId, "Kitchen tablet", Token);

        await World.PairAsync(user, phone.DeviceId);
        Assert.Equal("Kitchen tablet", await NameAsync(phone.DeviceId));

        var code = await World.NewCodeAsync(user, new CodeRequest([new(PermissionScope.WriteNotes)], DeviceName: "Hall tablet"));
        await World.CollectedAsync(await World.ConfirmedAsync(user, PairingWorld.Scan(code) with { DeviceId = phone.DeviceId }));
        Assert.Equal("Hall tablet", await NameAsync(phone.DeviceId)); // named anew
    }

    [Fact]
    public async Task CollectAsync_Again_GivesTheSameAnswer()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));
        var first = await World.CollectedAsync(claim);

        var again = await NewWorld().CollectedAsync(claim);

        Assert.Equal(first with { Permissions = [] }, again with { Permissions = [] });
        Assert.Equal(first.Permissions, again.Permissions);
    }

    [Fact]
    public async Task CollectAsync_TwentyAtOnce_GiveOnePairingAndOneToken()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));

        var outcomes = await AtOnceAsync(20, _ => World.CollectAsync(claim));

        var token = Assert.Single(outcomes.Select(o => Assert.IsType<CollectOutcome.Paired>(o).Device.SessionToken).Distinct(StringComparer.Ordinal));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(token));
        Assert.Equal(1, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", user.UserId!));
        Assert.Single(await World.EventsAsync(user), DeviceEventKind.Paired);
    }

    [Fact]
    public async Task CollectAsync_AfterTheTokensFirstUse_IsAlreadyCollectedAndTheSeedIsGone()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);

        await World.AuthenticateAsync(phone.SessionToken);

        Assert.IsType<CollectOutcome.AlreadyCollected>(await World.CollectAsync(phone.Claim));
        Assert.False(await World.ScalarAsync<bool>("SELECT seed IS NOT NULL FROM portal.pairing_sessions WHERE id = $1", phone.Claim.SessionId));
    }

    [Fact]
    public async Task CollectAsync_TenMinutesLater_IsAlreadyCollected()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await World.ExecuteAsync("""UPDATE portal.pairing_sessions SET "collectedAt" = now() - interval '10 minutes 1 second' WHERE id = $1""", phone.Claim.SessionId);

        Assert.IsType<CollectOutcome.AlreadyCollected>(await World.CollectAsync(phone.Claim));
    }

    [Theory, InlineData("revoked"), InlineData("paired again"), InlineData("deleted")]
    public async Task CollectAsync_TokenDiedMeanwhile_IsAlreadyCollected(string how)
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        if (how == "revoked")
            await World.Devices.RevokeAsync(user, phone.PairingId, null, Token);
        else if (how == "paired again")
            await World.PairAsync(user, phone.DeviceId);
        else
            await World.ExecuteAsync("DELETE FROM public.device_pairings WHERE id = $1", phone.PairingId);

        Assert.IsType<CollectOutcome.AlreadyCollected>(await World.CollectAsync(phone.Claim));
    }

    [Fact]
    public async Task CollectAsync_WrongPollTokenOrSession_IsUnknown()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));

        Assert.IsType<CollectOutcome.Unknown>(await World.CollectAsync(claim with { PollToken = PairingSecrets.NewClaimKey() }));
        Assert.IsType<CollectOutcome.Unknown>(await World.CollectAsync(claim with { SessionId = PairingSecrets.NewSessionId() }));
        Assert.IsType<CollectOutcome.Unknown>(await World.CollectAsync(claim with { SessionId = "\0" }));
        var open = await World.NewCodeAsync(user);
        Assert.IsType<CollectOutcome.Unknown>(await World.CollectAsync(claim with { SessionId = open.SessionId }));
        await World.CollectedAsync(claim);
    }

    [Fact]
    public async Task CollectAsync_ExpiredAfterTheConfirmation_IsExpired()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));
        await World.ExpireAsync(claim.SessionId);

        Assert.IsType<CollectOutcome.Expired>(await World.CollectAsync(claim));
    }

    [Fact]
    public async Task CollectAsync_PersonWasDeleted_IsRefused()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));
        await World.ExecuteAsync("DELETE FROM public.users WHERE id = $1", user.UserId!);

        Assert.IsType<CollectOutcome.Refused>(await World.CollectAsync(claim));
        Assert.IsType<CollectOutcome.Refused>(await World.CollectAsync(claim));
    }

    [Fact]
    public async Task CollectAsync_PermissionsCannotBeWritten_KeepsNothingAndWorksLater()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user, PermissionScope.EditSoapNotes)));
        await using var owner = await Store.Owner.OpenConnectionAsync(Token);
        await Sql.RunAsync(owner, "ALTER TABLE public.device_permissions ADD CONSTRAINT no_soap CHECK (permission <> 'EDIT_SOAP_NOTES') NOT VALID");

        await Assert.ThrowsAsync<DbUpdateException>(() => World.CollectAsync(claim));

        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", user.UserId!));
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Confirmed], await World.EventsAsync(user));
        Assert.Equal(PairingStage.Confirmed, (await World.Confirmation.FindAsync(user, claim.SessionId, Token))!.Stage);
        await Sql.RunAsync(owner, "ALTER TABLE public.device_permissions DROP CONSTRAINT no_soap");
        var device = await World.CollectedAsync(claim);
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(device.SessionToken));
    }

    private Task<string?> NameAsync(string deviceId) =>
        World.ScalarAsync<string>("""SELECT "deviceName" FROM public.device_pairings WHERE "deviceId" = $1""", deviceId);
}
