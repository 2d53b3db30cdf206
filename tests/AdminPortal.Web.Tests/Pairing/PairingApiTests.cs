using System.Globalization;
using System.Net;
using System.Text.Json;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Pairing;

/// <summary>Pairing over HTTP when nobody does anything wrong: the guides' bodies and names.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class PairingApiTests(ApiPortal portal)
{
    [Fact]
    public async Task CreateSession_WithScopes_AnswersACodeToShow()
    {
        var person = await portal.NewPersonAsync();

        var session = await person.NewSessionAsync(new
        {
            permissions = new object[] { "WRITE_NOTES", new { scope = "VIEW_TRANSCRIPT", expiresAt = "2099-01-01T00:00:00Z" } },
            deviceType = "TABLET",
            deviceName = "Ward tablet",
            pairingDays = 7,
        });

        Assert.Equal(["sessionId", "url", "qrPayload", "shortCode", "expiresAt", "svg"], ApiAnswer.Names(session));
        var payload = session.GetProperty("qrPayload");
        Assert.Equal(["sessionId", "userId", "pairingCode", "expiresAt", "ttl"], ApiAnswer.Names(payload));
        Assert.Equal(person.Id, Text(payload, "userId"));
        Assert.Equal(120, payload.GetProperty("ttl").GetInt32());
        Assert.Equal(session.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeMilliseconds(), payload.GetProperty("expiresAt").GetInt64());
        Assert.StartsWith("http://portal.example.org/p#", Text(session, "url"), StringComparison.Ordinal);
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", Text(session, "shortCode"));
        Assert.StartsWith("<svg ", Text(session, "svg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pair_ByTheGuidesBody_EndsWithAWorkingToken()
    {
        var person = await portal.NewPersonAsync();
        var device = portal.Anyone();
        var deviceId = NewDeviceId();
        var session = await person.NewSessionAsync();

        var claim = await device.ClaimAsync(Scan(session, deviceId));
        Assert.Equal(["status", "sessionId", "matchNumber", "pollUrl", "pollToken", "pollIntervalSeconds", "expiresAt"], ApiAnswer.Names(claim));
        Assert.Equal("pending_confirmation", Text(claim, "status"));
        Assert.Matches("^[0-9]{2}$", Text(claim, "matchNumber"));
        Assert.Equal($"http://portal.example.org/api/qr/pair/{Text(session, "sessionId")}", Text(claim, "pollUrl"));
        Assert.Equal(2, claim.GetProperty("pollIntervalSeconds").GetInt32());

        var waiting = (await device.CollectAsync(claim)).Data(HttpStatusCode.Accepted);
        Assert.Equal(["status", "pollIntervalSeconds", "expiresAt"], ApiAnswer.Names(waiting));

        Assert.Equal("confirmed", Text((await person.ConfirmAsync(claim)).Data(), "state"));
        var paired = (await device.CollectAsync(claim)).Data();
        Assert.Equal(["status", "deviceId", "sessionToken", "expiresAt", "permissions"], ApiAnswer.Names(paired));
        Assert.Equal(("paired", deviceId), (Text(paired, "status"), Text(paired, "deviceId")));
        Assert.StartsWith("dvc_", Text(paired, "sessionToken"), StringComparison.Ordinal);
        Assert.All(paired.GetProperty("permissions").EnumerateArray(), p => Assert.Equal(["scope", "expiresAt"], ApiAnswer.Names(p)));

        Assert.Equal(Text(paired, "sessionToken"), Text((await device.CollectAsync(claim)).Data(), "sessionToken")); // a reply was lost
        var itself = Assert.Single((await device.With(Text(paired, "sessionToken")).GetAsync("/api/qr/pair")).Data().EnumerateArray());
        Assert.Equal(deviceId, Text(itself, "deviceId"));
        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Gone, "code-used"); // its first use ended that
    }

    [Theory]
    [InlineData("userId", "\"somebody-else\"")]
    [InlineData("expiresAt", "1")]
    public async Task Claim_BodySaysOtherUserOrExpiry_IsNotBelieved(string name, string value)
    {
        var person = await portal.NewPersonAsync();
        var body = JsonSerializer.SerializeToNode(Scan(await person.NewSessionAsync()))!;
        body["qrPayload"]![name] = System.Text.Json.Nodes.JsonNode.Parse(value);

        var claim = await portal.Anyone().ClaimAsync(body);

        Assert.Equal("claimed", Text((await person.Api.GetAsync($"/api/qr/sessions/{Text(claim, "sessionId")}")).Data(), "state"));
    }

    [Fact]
    public async Task Claim_ShortCodeInAnyCase_IsAClaim()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();

        var claim = await portal.Anyone().ClaimAsync(new
        {
            shortCode = Text(session, "shortCode").ToLower(CultureInfo.InvariantCulture).Replace('-', ' '),
            deviceId = NewDeviceId(),
            deviceType = "DESKTOP",
        });

        Assert.Equal(Text(session, "sessionId"), Text(claim, "sessionId"));
    }

    [Fact]
    public async Task Claim_SameClaimKeyAgain_HasTheSameAnswer()
    {
        var person = await portal.NewPersonAsync();
        var body = Scan(await person.NewSessionAsync(), claimKey: new string('A', 42) + "E");

        var (first, again) = (await portal.Anyone().ClaimAsync(body), await portal.Anyone().ClaimAsync(body));

        Assert.Equal(first.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Preview_OfACode_TellsAccountAndScopesAndClaimsNothing()
    {
        var person = await portal.NewPersonAsync();
        var session = await person.NewSessionAsync();
        var payload = session.GetProperty("qrPayload");

        var preview = (await portal.Anyone().PostAsync(
            "/api/qr/pair/preview", new { qrPayload = new { sessionId = Text(payload, "sessionId"), pairingCode = Text(payload, "pairingCode") } })).Data();

        Assert.Equal(["account", "permissions", "deviceType", "expiresAt", "pairingDays"], ApiAnswer.Names(preview));
        Assert.Equal("p•••@e•••.org", Text(preview, "account"));
        Assert.All(preview.GetProperty("permissions").EnumerateArray(), p => Assert.Equal(["scope", "label", "expiresAt"], ApiAnswer.Names(p)));
        Assert.Equal("open", Text((await person.Api.GetAsync($"/api/qr/sessions/{Text(session, "sessionId")}")).Data(), "state"));
    }

    [Fact]
    public async Task SessionAnswers_ThroughTheWholePairing_NeverHoldTheMatchNumber()
    {
        var person = await portal.NewPersonAsync();
        var device = portal.Anyone();
        var session = await person.NewSessionAsync();
        var status = $"/api/qr/sessions/{Text(session, "sessionId")}";
        var open = (await person.Api.GetAsync(status)).Data();
        var claim = await device.ClaimAsync(Scan(session));

        var claimed = (await person.Api.GetAsync(status)).Data();
        var answers = new[] { open, claimed, (await person.ConfirmAsync(claim)).Data(), (await device.CollectAsync(claim)).Data(HttpStatusCode.OK), (await person.Api.GetAsync(status)).Data() };

        Assert.Equal(["state", "device", "expiresAt", "endReason"], ApiAnswer.Names(claimed));
        Assert.Equal(
            ["deviceId", "deviceType", "deviceName", "platform", "osVersion", "appVersion", "address", "addressIsUnlike", "chosenName"],
            ApiAnswer.Names(claimed.GetProperty("device")));
        Assert.Equal(["open", "claimed", "confirmed", "collected"], answers.Where(a => a.TryGetProperty("state", out _)).Select(a => Text(a, "state")));
        Assert.DoesNotContain(answers.Append(session).SelectMany(Leaves), leaf => leaf == Text(claim, "matchNumber"));
        Assert.All(answers, answer => Assert.DoesNotContain("match", answer.GetRawText(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Refuse_BeforeAndAfterTheClaim_EndsTheSession()
    {
        var person = await portal.NewPersonAsync();
        var (open, taken) = (await person.NewSessionAsync(), await person.NewSessionAsync());
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(taken));

        Assert.Equal("withdrawn", Text((await person.Api.PostAsync($"/api/qr/sessions/{Text(open, "sessionId")}/refuse", null)).Data(), "endReason"));
        Assert.Equal("refused", Text((await person.Api.PostAsync($"/api/qr/sessions/{Text(taken, "sessionId")}/refuse", null)).Data(), "state"));
        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Forbidden, "pairing-refused");
        (await person.ConfirmAsync(claim)).IsProblem(HttpStatusCode.Forbidden, "pairing-refused");
    }

    [Fact]
    public async Task Session_OfSomebodyElse_DoesNotExist()
    {
        var (person, stranger) = (await portal.NewPersonAsync(), await portal.NewPersonAsync(AccountRole.Admin));
        var claim = await portal.Anyone().ClaimAsync(Scan(await person.NewSessionAsync()));
        var session = $"/api/qr/sessions/{Text(claim, "sessionId")}";

        (await stranger.Api.GetAsync(session)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await stranger.Api.PostAsync($"{session}/refuse", null)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await stranger.ConfirmAsync(claim)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await person.ConfirmAsync(claim)).Data(); // and nothing has happened to it
    }

    private static IEnumerable<string> Leaves(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Leaves(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Leaves),
        _ => [element.ToString()],
    };
}
