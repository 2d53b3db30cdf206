using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Pairing;

/// <summary>Every way in which pairing fails has its own status and type.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class PairingProblemTests(ApiPortal portal)
{
    private const string Pair = "/api/qr/pair";

    public static TheoryData<string> BadClaims { get; } =
    [
        """{"qrPayload":""", "", "null", "[]", "\"text\"", "17", "{}", """{"qrPayload":null}""", """{"qrPayload":[]}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d","deviceType":"FRIDGE"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d","deviceType":99}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d","deviceType":1}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d","deviceType":"1"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"d","deviceType":"MOBILE_IOS, TABLET"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"a b","deviceType":"TABLET"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y","deviceId":"","deviceType":"TABLET"}}""",
        """{"qrPayload":{"sessionId":17,"pairingCode":"y","deviceId":"d","deviceType":"TABLET"}}""",
        """{"qrPayload":{"sessionId":"x","pairingCode":"y"},"shortCode":"BCDF-BCDF","deviceId":"d","deviceType":"TABLET"}""",
        """{"shortCode":"BCDF-BCDF","deviceType":"TABLET"}""",
        """{"shortCode":"BCDF-BCDF","deviceId":"d","deviceType":"TABLET","claimKey":"short"}""",
        """{"shortCode":"BCDF-BCDF","deviceId":"d\u0000","deviceType":"TABLET"}""",
        $$"""{"shortCode":"BCDF-BCDF","deviceId":"{{new string('d', 129)}}","deviceType":"TABLET"}""",
    ];

    public static TheoryData<string> BadSessions { get; } =
    [
        "{", "", "null", "{}", """{"permissions":null}""", """{"permissions":[]}""", """{"permissions":"WRITE_NOTES"}""", """{"permissions":[null]}""",
        """{"permissions":["WRITE_NOTES",null]}""", """{"permissions":["FLY"]}""", """{"permissions":[3]}""", """{"permissions":["3"]}""",
        """{"permissions":["WRITE_NOTES, VIEW_TRANSCRIPT"]}""", """{"permissions":[{}]}""", """{"permissions":[{"scope":null}]}""",
        """{"permissions":[{"scope":1}]}""", """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"soon"}]}""",
        """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"2001-01-01T00:00:00Z"}]}""", """{"permissions":["WRITE_NOTES","WRITE_NOTES"]}""",
        """{"permissions":["WRITE_NOTES"],"deviceType":"FRIDGE"}""", """{"permissions":["WRITE_NOTES"],"deviceType":2}""",
        """{"permissions":["WRITE_NOTES"],"pairingDays":0}""", """{"permissions":["WRITE_NOTES"],"pairingDays":366}""",
        """{"permissions":["WRITE_NOTES"],"pairingDays":99999999999}""", """{"permissions":["WRITE_NOTES"],"pairingDays":"ten"}""",
        """{"permissions":["WRITE_NOTES"],"deviceName":"a\nb"}""", """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"2099-01-01T00:00:00"}]}""",
        """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"2099-01-01"}]}""", $$"""{"permissions":["WRITE_NOTES"],"deviceName":"{{new string('n', 81)}}"}""",
    ];

    [Theory]
    [MemberData(nameof(BadClaims))]
    public async Task Claim_NotARequest_IsInvalid(string body) =>
        (await portal.Anyone().PostTextAsync(Pair, body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task CreateSession_NotARequest_IsInvalid()
    {
        var person = await portal.NewPersonAsync();
        foreach (var body in BadSessions)
        {
            (await person.Api.PostTextAsync("/api/qr/sessions", body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    [InlineData("application/json; charset=klingon", HttpStatusCode.BadRequest, "invalid-request")]
    public async Task Claim_OtherContentType_IsRefused(string contentType, HttpStatusCode status, string problem) =>
        (await portal.Anyone().PostTextAsync(Pair, "{}", contentType)).IsProblem(status, problem);

    [Fact]
    public async Task Claim_MoreThanEightKilobytes_IsTooLarge()
    {
        var body = $$"""{"shortCode":"{{new string('B', 9000)}}"}""";
        (await portal.Anyone().PostTextAsync(Pair, body)).IsProblem(HttpStatusCode.RequestEntityTooLarge, "request-too-large");

        using var chunked = new StreamContent(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)));
        chunked.Headers.ContentType = new("application/json");
        chunked.Headers.ContentLength = null;
        (await portal.Anyone().SendAsync(HttpMethod.Post, Pair, chunked)).IsProblem(HttpStatusCode.RequestEntityTooLarge, "request-too-large");
    }

    [Fact]
    public async Task Claim_AfterItsTime_IsExpired()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();
        await portal.ChangeSessionAsync(Text(session, "sessionId"), s => s.ExpiresAt = s.CreatedAt.AddSeconds(-1));

        (await portal.Anyone().PostAsync(Pair, Scan(session))).IsProblem(HttpStatusCode.Gone, "code-expired");
        (await portal.Anyone().PostAsync($"{Pair}/preview", Scan(session))).IsProblem(HttpStatusCode.Gone, "code-expired");
        Assert.Equal("expired", Text((await person.Api.GetAsync($"/api/qr/sessions/{Text(session, "sessionId")}")).Data(), "state"));
    }

    [Fact]
    public async Task Claim_FiveWrongSecrets_BurnTheCode()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();
        var thief = portal.Anyone();
        for (var miss = 1; miss < 5; miss++)
        {
            (await thief.PostAsync(Pair, Guess(session))).IsProblem(HttpStatusCode.Forbidden, "code-wrong");
        }

        (await thief.PostAsync(Pair, Guess(session))).IsProblem(HttpStatusCode.Gone, "code-burnt");
        (await portal.Anyone().PostAsync(Pair, Scan(session))).IsProblem(HttpStatusCode.Gone, "code-burnt"); // the right one comes too late
        Assert.Equal("burnt", Text((await person.Api.GetAsync($"/api/qr/sessions/{Text(session, "sessionId")}")).Data(), "state"));
    }

    [Fact]
    public async Task Claim_BySecondDevice_IsUsedAndBlocksTheFirst()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(session));

        (await portal.Anyone().PostAsync(Pair, Scan(session))).IsProblem(HttpStatusCode.Conflict, "code-used");
        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Gone, "code-burnt");
        (await person.ConfirmAsync(claim)).IsProblem(HttpStatusCode.Gone, "code-burnt");
    }

    [Fact]
    public async Task Confirm_WrongNumber_RefusesThePairing()
    {
        var person = await portal.NewPersonAsync();
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(await person.NewSessionAsync()));
        var wrong = Text(claim, "matchNumber") == "00" ? "01" : "00";

        (await person.Api.PostAsync($"/api/qr/sessions/{Text(claim, "sessionId")}/confirm", new { matchNumber = wrong }))
            .IsProblem(HttpStatusCode.Forbidden, "pairing-refused");
        var told = await device.CollectAsync(claim);
        told.IsProblem(HttpStatusCode.Forbidden, "pairing-refused");
        Assert.Equal("The number typed in the portal was not the one of this device.", Text(told.Json, "title"));
        Assert.Equal("wrong-number", Text(told.Json, "reason"));
        Assert.Equal("Nothing was paired. Make a new code, and type the number exactly as it is shown.", Text(told.Json, "detail"));
    }

    [Fact]
    public async Task Claim_CodeTakenBack_SaysSo()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();
        await person.Api.PostAsync($"/api/qr/sessions/{Text(session, "sessionId")}/refuse", null);

        var told = await portal.Anyone().PostAsync(Pair, Scan(session));

        told.IsProblem(HttpStatusCode.Forbidden, "pairing-refused");
        Assert.Equal("The code was taken back in the portal.", Text(told.Json, "title"));
    }

    [Fact]
    public async Task Confirm_BeforeAnyClaim_SaysSo()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();

        (await person.Api.PostAsync($"/api/qr/sessions/{Text(session, "sessionId")}/confirm", new { matchNumber = "47" }))
            .IsProblem(HttpStatusCode.Conflict, "code-not-claimed");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"matchNumber":null}""")]
    [InlineData("""{"matchNumber":47}""")]
    [InlineData("""{"matchNumber":"123456789"}""")]
    public async Task Confirm_NoNumber_IsInvalid(string body)
    {
        var person = await portal.NewPersonAsync();
        var claim = await portal.Anyone().ClaimAsync(Scan(await person.NewSessionAsync()));

        (await person.Api.PostTextAsync($"/api/qr/sessions/{Text(claim, "sessionId")}/confirm", body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await person.ConfirmAsync(claim)).Data(); // nothing was spent
    }

    [Fact]
    public async Task Claim_DeviceOfAnother_IsRefused()
    {
        var (owner, other) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(owner.Id, deviceId);

        (await portal.Anyone().PostAsync(Pair, Scan(await other.NewSessionAsync(), deviceId))).IsProblem(HttpStatusCode.Conflict, "device-belongs-to-another");
    }

    [Fact]
    public async Task Claim_DeviceUnderQuarantine_IsRefused()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId, quarantined: true);

        (await portal.Anyone().PostAsync(Pair, Scan(await person.NewSessionAsync(), deviceId))).IsProblem(HttpStatusCode.Conflict, "device-quarantined");
    }

    [Fact]
    public async Task Claim_OtherDeviceTypeThanChosen_IsInvalidAndSpendsNothing()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync(new { permissions = new[] { "WRITE_NOTES" }, deviceType = "TABLET" });

        (await portal.Anyone().PostAsync(Pair, Scan(session))).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        await portal.Anyone().ClaimAsync(Scan(session, deviceType: "TABLET"));
    }

    [Fact]
    public async Task Claim_SixtyOneWrongShortCodesOfOneAddress_AreTooMany()
    {
        var thief = portal.Anyone();
        var guess = new { shortCode = "BBBB-BBBB", deviceId = "d", deviceType = "TABLET" };
        for (var miss = 0; miss < 60; miss++)
        {
            (await thief.PostAsync(Pair, guess)).IsProblem(HttpStatusCode.Forbidden, "code-wrong");
        }

        IsTooMany(await thief.PostAsync(Pair, guess));
        (await portal.Anyone().PostAsync(Pair, guess)).IsProblem(HttpStatusCode.Forbidden, "code-wrong"); // nobody else waits
    }

    [Fact]
    public async Task CreateSession_EleventhInAMinute_IsTooMany()
    {
        var person = await portal.NewPersonAsync();
        for (var n = 0; n < 10; n++)
        {
            await person.NewSessionAsync();
        }

        IsTooMany(await person.Api.PostAsync("/api/qr/sessions", new { permissions = new[] { "WRITE_NOTES" } }));
    }

    [Fact]
    public async Task CreateSession_NotLinked_SaysSo()
    {
        var person = await portal.NewPersonAsync(linked: false);

        (await person.Api.PostAsync("/api/qr/sessions", new { permissions = new[] { "WRITE_NOTES" } })).IsProblem(HttpStatusCode.Forbidden, "account-not-linked");
    }

    [Theory]
    [InlineData(AccountRole.User, HttpStatusCode.Forbidden)]
    [InlineData(AccountRole.Support, HttpStatusCode.Forbidden)]
    [InlineData(AccountRole.Admin, HttpStatusCode.Created)]
    public async Task CreateSession_FullAccess_IsForAdmins(AccountRole role, HttpStatusCode expected)
    {
        var person = await portal.NewPersonAsync(role);

        Assert.Equal(expected, (await person.Api.PostAsync("/api/qr/sessions", new { permissions = new[] { "FULL_ACCESS" } })).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Collect_WithoutItsPollToken_IsUnknown(string token)
    {
        var person = await portal.NewPersonAsync();
        var claim = await portal.Anyone().ClaimAsync(Scan(await person.NewSessionAsync()));

        var answer = await portal.Anyone(token.Length == 0 ? null : token).GetAsync($"{Pair}/{Text(claim, "sessionId")}");

        answer.IsProblem(HttpStatusCode.Unauthorized, "token-unknown");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collect_AfterItsTime_IsExpired()
    {
        var person = await portal.NewPersonAsync();
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(await person.NewSessionAsync()));
        await portal.ChangeSessionAsync(Text(claim, "sessionId"), s => s.ExpiresAt = s.CreatedAt.AddSeconds(-1));

        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Gone, "code-expired");
        (await person.ConfirmAsync(claim)).IsProblem(HttpStatusCode.Gone, "code-expired");
    }

    private static void IsTooMany(ApiAnswer answer)
    {
        answer.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }
}
