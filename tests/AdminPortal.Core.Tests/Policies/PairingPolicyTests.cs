using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>What policies say to pairing and granting, with exemptions and races.</summary>
public sealed class PairingPolicyTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly ScopeGrant[] Notes = [new(PermissionScope.WriteNotes)];

    [Fact]
    public async Task DevicesPerUser_AtTheMaximum_LetsNoFurtherDeviceIn()
    {
        var owner = await World.NewPersonAsync();
        await SwitchOnAsync(new PolicySettings.DevicesPerUser(2));
        var first = await World.PairAsync(owner);
        await World.PairAsync(owner);

        Assert.IsType<ClaimOutcome.DeviceLimitReached>(await World.ClaimAsync(PairingWorld.Scan(await World.NewCodeAsync(owner))));

        await World.PairAsync(owner, first.DeviceId); // again: takes no further place
        await World.Devices.RevokeAsync(owner, first.PairingId, null, Token);
        await World.PairAsync(owner);
    }

    [Fact]
    public async Task DevicesPerUser_RaceOfPairings_NeverExceedsTheMaximum()
    {
        await SwitchOnAsync(new PolicySettings.DevicesPerUser(3));
        for (var round = 0; round < 5; round++)
        {
            var owner = await World.NewPersonAsync();
            List<ClaimOutcome.PendingConfirmation> confirmed = [];
            for (var i = 0; i < 8; i++)
                confirmed.Add(await World.ConfirmedAsync(owner, PairingWorld.Scan(await World.NewCodeAsync(owner))));

            var outcomes = await AtOnceAsync(8, i => World.CollectAsync(confirmed[i]));

            Assert.Equal(3, outcomes.OfType<CollectOutcome.Paired>().Count());
            Assert.Equal(5, outcomes.OfType<CollectOutcome.DeviceLimitReached>().Count());
            Assert.Equal(3, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", owner.UserId!));
        }
    }

    [Fact]
    public async Task DevicesPerUser_ExemptPerson_MayHaveMore()
    {
        var owner = await World.NewPersonAsync();
        await SwitchOnAsync(new PolicySettings.DevicesPerUser(1));
        await ExemptAsync(PolicyNames.DevicesPerUser, PolicySubject.User, owner.UserId!);

        await World.PairAsync(owner);
        await World.PairAsync(owner);

        Assert.Empty(await MatchesAsync(new PolicySettings.DevicesPerUser(1)));
    }

    [Fact]
    public async Task DevicesPerUser_Simulated_ListsDevicesOfPeopleWithMore()
    {
        var (two, one) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        var (a, b) = (await World.PairAsync(two), await World.PairAsync(two));
        await World.PairAsync(one);

        Assert.Equal(new[] { a.PairingId, b.PairingId }.Order(), (await MatchesAsync(new PolicySettings.DevicesPerUser(1))).Order());
        Assert.Empty(await MatchesAsync(new PolicySettings.DevicesPerUser(2)));
    }

    [Fact]
    public async Task AllowedTypes_OtherType_IsRefusedAtTheClaimAndAtTheCollection()
    {
        var owner = await World.NewPersonAsync();
        var waiting = await World.ConfirmedAsync(owner, PairingWorld.Scan(await World.NewCodeAsync(owner)));
        await SwitchOnAsync(new PolicySettings.AllowedTypes([DeviceType.Tablet]));

        Assert.IsType<CollectOutcome.DeviceTypeNotAllowed>(await World.CollectAsync(waiting)); // confirmed before the policy, collected after
        var code = await World.NewCodeAsync(owner);
        Assert.IsType<ClaimOutcome.DeviceTypeNotAllowed>(await World.ClaimAsync(PairingWorld.Scan(code)));
        Assert.IsType<ClaimOutcome.PendingConfirmation>(await World.ClaimAsync(PairingWorld.Scan(code) with { DeviceType = DeviceType.Tablet })); // the code was not spent
        Assert.IsType<CreateCodeOutcome.Invalid>(await World.Codes.CreateAsync(owner, new CodeRequest(Notes, DeviceType.Desktop), Token));
    }

    [Fact]
    public async Task AllowedTypes_Simulated_ListsTheOthers()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());

        Assert.Equal([phone.PairingId], await MatchesAsync(new PolicySettings.AllowedTypes([DeviceType.Tablet, DeviceType.Desktop])));
        Assert.Empty(await MatchesAsync(new PolicySettings.AllowedTypes([DeviceType.MobileIos])));
    }

    [Fact]
    public async Task LongestPairing_CapsCodesAndPairings()
    {
        var owner = await World.NewPersonAsync();
        var waiting = await World.ConfirmedAsync(owner, PairingWorld.Scan(await World.NewCodeAsync(owner))); // 90 days
        await SwitchOnAsync(new PolicySettings.LongestPairing(30, ShortenExisting: false));

        var late = await World.CollectedAsync(waiting);
        var phone = await World.PairAsync(owner);

        Assert.IsType<CreateCodeOutcome.Invalid>(await World.Codes.CreateAsync(owner, new CodeRequest(Notes, PairingDays: 31), Token));
        Assert.IsType<CreateCodeOutcome.Created>(await World.Codes.CreateAsync(owner, new CodeRequest(Notes, PairingDays: 30), Token));
        Assert.InRange(late.ExpiresAt - DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeProvider.System.GetUtcNow().AddDays(30) - DateTimeOffset.UnixEpoch);
        Assert.InRange(await DaysLeftAsync(phone), 29.9, 30);
        Assert.Empty(await MatchesAsync(new PolicySettings.LongestPairing(30, ShortenExisting: false)));
    }

    [Theory]
    [InlineData(false, 90)]
    [InlineData(true, 30)]
    public async Task LongestPairing_ExistingLongerOne_IsListedAndShortenedOnlyIfChosen(bool shorten, double days)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        var settings = new PolicySettings.LongestPairing(30, shorten);
        Assert.Equal([phone.PairingId], await MatchesAsync(settings));
        Assert.Empty(await MatchesAsync(settings with { Days = 90 }));
        await SwitchOnAsync(settings);

        await World.PolicyRun.RunAsync(Token);

        Assert.InRange(await DaysLeftAsync(phone), days - 0.1, days);
        Assert.Equal(shorten ? 1 : 0, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = 'pairing-shortened'""", phone.PairingId));
    }

    [Fact]
    public async Task AdminScopes_AreForAdminsWhereverScopesAreGranted()
    {
        var (owner, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(owner);
        var waiting = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(owner, PermissionScope.ViewMedications)));
        ScopeGrant[] wanted = [new(PermissionScope.WriteNotes), new(PermissionScope.ViewMedications)];
        var asked = Assert.IsType<AskOutcome.Asked>(await World.Requests.AskAsync(owner, phone.PairingId, [wanted[1]], null, Token)).Scopes[0];
        await SwitchOnAsync(new PolicySettings.AdminScopes([PermissionScope.ViewMedications]));

        Assert.Equal([PermissionScope.ViewMedications], Assert.IsType<CreateCodeOutcome.NotAllowed>(await World.Codes.CreateAsync(owner, new CodeRequest(wanted), Token)).NeedAdmin!);
        Assert.IsType<ConfirmOutcome.NotAllowed>(await World.ConfirmAsync(owner, waiting));
        Assert.Equal([PermissionScope.ViewMedications], Assert.IsType<PermissionOutcome.NotAllowed>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, wanted, Token)).NeedAdmin!);
        Assert.Equal(new DecideOutcome.NotAllowed(PermissionScope.ViewMedications), await World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token));
        Assert.IsType<CreateCodeOutcome.Created>(await World.Codes.CreateAsync(owner, new CodeRequest(Notes), Token));
        Assert.IsType<DecideOutcome.Done>(await World.Decisions.GrantAsync(admin, asked.Id!, null, null, Token));
        Assert.Equal([phone.PairingId], await MatchesAsync(new PolicySettings.AdminScopes([PermissionScope.ViewMedications])));
        Assert.Empty(await MatchesAsync(new PolicySettings.AdminScopes([PermissionScope.EditSoapNotes])));
    }

    [Fact]
    public async Task AdminScopes_ExemptDevice_CanBeGrantedByItsOwner()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await SwitchOnAsync(new PolicySettings.AdminScopes([PermissionScope.ViewMedications]));
        await ExemptAsync(PolicyNames.AdminScopes, PolicySubject.Pairing, phone.PairingId);

        Assert.IsType<PermissionOutcome.Done>(await World.Permissions.ReplaceAsync(owner, phone.PairingId, [new(PermissionScope.ViewMedications)], Token));
    }

    private Task<double> DaysLeftAsync(PairedPhone phone) => World.ScalarAsync<double>(
        """SELECT extract(epoch FROM "expiresAt" - now() AT TIME ZONE 'utc')::float8 / 86400 FROM public.device_pairings WHERE id = $1""", phone.PairingId);
}
