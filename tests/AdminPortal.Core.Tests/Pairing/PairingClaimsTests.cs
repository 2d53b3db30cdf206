using AdminPortal.Core.Pairing;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Presenting a code: who gets in, and what the others hear.</summary>
public sealed class PairingClaimsTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task ClaimAsync_LongNameOfTheDevicesOwn_IsCut()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user)) with { DeviceName = $"\u202EMaria's\tphone {new string('x', 90)}", Platform = new string('p', 86) };

        var claim = await World.ClaimedAsync(request);

        var status = await World.Confirmation.FindAsync(user, claim.SessionId, Token);
        Assert.StartsWith("Maria's phone xxx", status!.Device!.DeviceName, StringComparison.Ordinal);
        Assert.Equal(80, status.Device.DeviceName!.Length);
    }

    [Fact]
    public async Task ClaimAsync_RightSecret_WaitsForTheUser()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        var request = PairingWorld.Scan(code);

        var claim = await World.ClaimedAsync(request);

        Assert.Equal((code.SessionId, request.ClaimKey), (claim.SessionId, claim.PollToken));
        Assert.Matches("^[0-9]{2}$", claim.MatchNumber);
        var status = await World.Confirmation.FindAsync(user, code.SessionId, Token);
        Assert.Equal(PairingStage.Claimed, status!.Stage);
        Assert.Equal(
            new ClaimingDevice(request.DeviceId!, DeviceType.MobileIos, "Test phone", "iOS", "26.1", "1.0", request.Address, AddressIsUnlike: true),
            status.Device);
        Assert.Equal([DeviceEventKind.Scanned], await World.EventsAsync(user));
        Assert.Equal(600.0, await World.ScalarAsync<double>("""SELECT round(extract(epoch FROM "expiresAt" - "claimedAt"))::float FROM portal.pairing_sessions WHERE id = $1""", code.SessionId));
    }

    [Fact]
    public async Task ClaimAsync_FromTheUsersAddress_IsNotFlagged()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);

        await World.ClaimedAsync(PairingWorld.Scan(code) with { Address = user.Address });

        Assert.False((await World.Confirmation.FindAsync(user, code.SessionId, Token))!.Device!.AddressIsUnlike);
    }

    [Theory]
    [InlineData("2001:db8:1:2::17", false)]
    [InlineData("2001:0DB8:0001:0002:ffff::1", false)]
    [InlineData("2001:db8:1:3::17", true)]
    [InlineData("192.0.2.1", true)]
    public async Task ClaimAsync_FromTheUsersIPv6Network_IsNotFlagged(string address, bool isUnlike)
    {
        var user = (await World.NewPersonAsync()) with { Address = "2001:db8:1:2::1" };
        var code = await World.NewCodeAsync(user);

        await World.ClaimedAsync(PairingWorld.Scan(code) with { Address = address });

        Assert.Equal(isUnlike, (await World.Confirmation.FindAsync(user, code.SessionId, Token))!.Device!.AddressIsUnlike);
    }

    [Fact]
    public async Task ClaimAsync_NameChosenBefore_IsToldApartFromTheDevicesOwn()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user, new CodeRequest([new(PermissionScope.WriteNotes)], DeviceName: "Ward tablet"));

        await World.ClaimedAsync(PairingWorld.Scan(code));

        var device = (await World.Confirmation.FindAsync(user, code.SessionId, Token))!.Device!;
        Assert.Equal(("Test phone", "Ward tablet", "Ward tablet"), (device.DeviceName, device.ChosenName, device.Title));
    }

    [Fact]
    public async Task ClaimAsync_PersonWasDeleted_IsCodeExpired()
    {
        var user = await World.NewPersonAsync();
        var (unused, used) = (PairingWorld.Scan(await World.NewCodeAsync(user)), PairingWorld.Scan(await World.NewCodeAsync(user)));
        await World.ClaimedAsync(used);
        await World.ExecuteAsync("DELETE FROM public.users WHERE id = $1", user.UserId!);

        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(unused));
        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(used)); // a call that is made again
        Assert.Equal("open", await World.ScalarAsync<string>("SELECT state FROM portal.pairing_sessions WHERE id = $1", unused.SessionId!));
    }

    [Fact]
    public async Task ClaimAsync_WithoutClaimKey_AnswersWithOneThatCollects()
    {
        var user = await World.NewPersonAsync();

        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)) with { ClaimKey = null });

        Assert.True(PairingSecrets.IsClaimKey(claim.PollToken));
        await World.CollectedAsync(claim);
    }

    [Theory]
    [InlineData("as shown")]
    [InlineData("lower case")]
    [InlineData("without dash")]
    [InlineData("with spaces")]
    [InlineData("en dash")]
    [InlineData("minus sign")]
    [InlineData("hidden characters")]
    public async Task ClaimAsync_ShortCodeAsPeopleType_IsTaken(string way)
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());
        var typed = way switch
        {
            "lower case" => code.ShortCode.ToLowerInvariant(),
            "without dash" => code.ShortCode.Replace("-", "", StringComparison.Ordinal),
            "en dash" => code.ShortCode.Replace('-', '–'),
            "minus sign" => code.ShortCode.Replace('-', '−'),
            "hidden characters" => $"\u200B{code.ShortCode}\u00A0\u200E",
            "with spaces" => $" {string.Join(' ', code.ShortCode.ToCharArray())} ",
            _ => code.ShortCode,
        };

        var claim = await World.ClaimedAsync(PairingWorld.Type(code) with { ShortCode = typed });

        Assert.Equal(code.SessionId, claim.SessionId);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("' OR true --")]
    [InlineData("\0")]
    public async Task ClaimAsync_UnknownSession_IsCodeWrong(string sessionId)
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())) with { SessionId = sessionId };

        Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(request));
    }

    [Theory]
    [InlineData("BCDF-GHJK")]
    [InlineData("too long to be one")]
    [InlineData("AEIO-UAEI")]
    [InlineData("-")]
    public async Task ClaimAsync_UnknownShortCode_IsCodeWrong(string typed)
    {
        var request = PairingWorld.Type(await World.NewCodeAsync(await World.NewPersonAsync())) with { ShortCode = typed };

        Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(request));
    }

    [Fact]
    public async Task ClaimAsync_FourWrongSecrets_LeaveTheCodeUsable()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        for (var i = 0; i < 4; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(request with { PairingCode = PairingSecrets.NewPairingCode() }));

        await World.ClaimedAsync(request);
    }

    [Fact]
    public async Task ClaimAsync_FifthWrongSecret_BurnsTheCode()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        for (var i = 0; i < 4; i++)
            await World.ClaimAsync(request with { PairingCode = "wrong" });

        Assert.IsType<ClaimOutcome.CodeBurnt>(await World.ClaimAsync(request with { PairingCode = "wrong" }));

        Assert.IsType<ClaimOutcome.CodeBurnt>(await World.ClaimAsync(request));
        var status = await World.Confirmation.FindAsync(user, request.SessionId!, Token);
        Assert.Equal((PairingStage.Burnt, PairingEnds.TooManyMisses), (status!.Stage, status.EndReason));
        Assert.Equal([DeviceEventKind.CodeBurnt], await World.EventsAsync(user));
    }

    [Fact]
    public async Task ClaimAsync_WrongSecretsAtOnce_AllCount()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));

        var outcomes = await AtOnceAsync(20, _ => World.ClaimAsync(request with { PairingCode = "wrong", Address = PairingWorld.NewAddress() }));

        Assert.Single(outcomes, o => o is ClaimOutcome.CodeBurnt);
        Assert.Equal(5, await World.ScalarAsync<int>("SELECT misses FROM portal.pairing_sessions WHERE id = $1", request.SessionId!));
    }

    [Fact]
    public async Task ClaimAsync_WrongSecretsAfterTheClaim_DoNotDisturbIt()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        var claim = await World.ClaimedAsync(request);

        for (var i = 0; i < 6; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(request with { PairingCode = "wrong", Address = PairingWorld.NewAddress() }));

        Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, claim));
    }

    [Fact]
    public async Task ClaimAsync_ExpiredCode_IsCodeExpired()
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());
        await World.ExpireAsync(code.SessionId);

        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(PairingWorld.Scan(code)));
        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(PairingWorld.Type(code)));
    }

    [Fact]
    public async Task ClaimAsync_AgainAfterTheClaimExpired_IsCodeExpired()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        await World.ClaimedAsync(request);
        await World.ExpireAsync(request.SessionId!);

        Assert.IsType<ClaimOutcome.CodeExpired>(await World.ClaimAsync(request));
    }

    [Fact]
    public async Task ClaimAsync_WithdrawnCode_IsRefused()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        await World.Confirmation.RefuseAsync(user, code.SessionId, Token);

        Assert.IsType<ClaimOutcome.Refused>(await World.ClaimAsync(PairingWorld.Scan(code)));
    }

    [Fact]
    public async Task ClaimAsync_OtherTypeThanExpected_IsInvalidAndTheCodeStaysUsable()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user, new CodeRequest([new(PermissionScope.WriteNotes)], DeviceType.Tablet)));

        Assert.IsType<ClaimOutcome.Invalid>(await World.ClaimAsync(request with { DeviceType = DeviceType.MobileAndroid }));

        await World.ClaimedAsync(request with { DeviceType = DeviceType.Tablet });
    }

    [Fact]
    public async Task ClaimAsync_UserAgentCutInsideACharacter_IsTaken()
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());

        await World.ClaimedAsync(PairingWorld.Scan(code) with { UserAgent = new string('x', 511) + "😀 and more" });

        Assert.Equal(511, await World.ScalarAsync<int>("SELECT length(\"userAgent\") FROM portal.pairing_sessions WHERE id = $1", code.SessionId));
    }
}
