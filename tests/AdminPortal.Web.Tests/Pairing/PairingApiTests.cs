using AdminPortal.Testing;

namespace AdminPortal.Web.Tests.Pairing;

/// <summary>The API of pairing as a device and a program meet it.</summary>
public sealed class PairingApiTests(PostgresCluster cluster) : IAsyncLifetime
{
    private ApiWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ApiWorld.StartAsync(cluster, new()
    {
        ["Pairing:Limits:CodesPerAccount"] = "1000",
        ["Pairing:Limits:FailuresPerAddress"] = "1000",
    });

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Pairing_FromCodeToToken_AnswersAsTheGuideSays()
    {
        var code = await ApiWorld.NewCodeAsync(world.User, """["READ_PATIENT_DATA",{"scope":"VIEW_TRANSCRIPT","expiresAt":"2090-01-01T00:00:00Z"}]""");
        Assert.Equal(["sessionId", "url", "qrPayload", "shortCode", "expiresAt", "svg"], code.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["sessionId", "userId", "pairingCode", "expiresAt", "ttl"], code.GetProperty("qrPayload").EnumerateObject().Select(p => p.Name));
        var session = code.GetProperty("sessionId").GetString();

        var (claimed, claimBody) = await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(code, "phone-1"));
        var claim = claimBody.GetProperty("data");
        Assert.Equal((202, true, "pending_confirmation"), (claimed, claimBody.GetProperty("success").GetBoolean(), claim.GetProperty("status").GetString()));
        Assert.Equal(["status", "sessionId", "matchNumber", "pollUrl", "pollToken", "pollIntervalSeconds", "expiresAt"], claim.EnumerateObject().Select(p => p.Name));
        var (number, poll) = (claim.GetProperty("matchNumber").GetString()!, claim.GetProperty("pollToken").GetString());
        Assert.Equal(202, (await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", poll)).Status);

        var seen = await ApiWorld.GetAsync(world.User, $"/api/qr/sessions/{session}");
        Assert.Equal("claimed", seen.Body.GetProperty("data").GetProperty("state").GetString());
        Assert.DoesNotContain($"\"{number}\"", seen.Body.GetRawText(), StringComparison.Ordinal);
        var confirmed = await ApiWorld.PostAsync(world.User, $"/api/qr/sessions/{session}/confirm", $$"""{"matchNumber":"{{number}}"}""");
        Assert.Equal("confirmed", confirmed.Body.GetProperty("data").GetProperty("state").GetString());

        var (collected, paired) = await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", poll);
        var device = paired.GetProperty("data");
        Assert.Equal((200, "paired", "phone-1"), (collected, device.GetProperty("status").GetString(), device.GetProperty("deviceId").GetString()));
        Assert.Equal(["READ_PATIENT_DATA", "VIEW_TRANSCRIPT"], device.GetProperty("permissions").EnumerateArray().Select(p => p.GetProperty("scope").GetString()!));

        var token = device.GetProperty("sessionToken").GetString()!;
        var own = await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", token);
        Assert.Equal("phone-1", Assert.Single(own.Body.GetProperty("data").EnumerateArray()).GetProperty("deviceId").GetString());
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", poll), 410, "code-used");
    }

    [Theory]
    [InlineData("""{"qrPayload":""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""{"shortCode":"BCDF-GHJK","deviceId":"a b","deviceType":"DESKTOP"}""")]
    [InlineData("""{"shortCode":"BCDF-GHJK","deviceId":"a","deviceType":"TOASTER"}""")]
    [InlineData("""{"shortCode":"BCDF-GHJK","deviceId":"a","deviceType":99}""")]
    [InlineData("""{"shortCode":"BCDF-GHJK","deviceId":"a","deviceType":"DESKTOP","claimKey":"short"}""")]
    [InlineData("""{"shortCode":{"a":1},"deviceId":"a","deviceType":"DESKTOP"}""")]
    public async Task Claim_Malformed_IsInvalidRequest(string body) =>
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", body), 400, "invalid-request");

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"permissions":[]}""")]
    [InlineData("""{"permissions":[null]}""")]
    [InlineData("""{"permissions":["EVERYTHING"]}""")]
    [InlineData("""{"permissions":["WRITE_NOTES","WRITE_NOTES"]}""")]
    [InlineData("""{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"2001-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"permissions":["WRITE_NOTES"],"pairingDays":0}""")]
    public async Task NewCode_Malformed_IsInvalidRequest(string body) =>
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.User, "/api/qr/sessions", body), 400, "invalid-request");

    [Fact]
    public async Task Refusals_EachHaveTheirOwnType()
    {
        var code = await ApiWorld.NewCodeAsync(world.User);
        var session = code.GetProperty("sessionId").GetString();
        var claim = ApiWorld.ClaimBody(code, "phone-2");

        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", new string(' ', 9000) + claim), 413, "request-too-large");
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(code, "phone-2", "AAAAAAAAAAAAAAAAAAAAAA")), 403, "code-wrong");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", "wrong"), 401, "token-unknown");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Admin, $"/api/qr/sessions/{session}"), 404, "not-found");
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.User, "/api/qr/sessions", """{"permissions":["FULL_ACCESS"]}"""), 403, "forbidden");

        var first = (await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", claim)).Body.GetProperty("data");
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", claim), 409, "code-used"); // no claimKey: a second holder
        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", claim), 410, "code-burnt");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", first.GetProperty("pollToken").GetString()), 410, "code-burnt");
        Assert.Equal("leaked", (await ApiWorld.GetAsync(world.User, $"/api/qr/sessions/{session}")).Body.GetProperty("data").GetProperty("endReason").GetString());
    }

    [Fact]
    public async Task Confirm_WrongNumber_RefusesBothSides()
    {
        var code = await ApiWorld.NewCodeAsync(world.User);
        var session = code.GetProperty("sessionId").GetString();
        var claim = (await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(code, "phone-3"))).Body.GetProperty("data");
        var wrong = claim.GetProperty("matchNumber").GetString() == "00" ? "01" : "00";

        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.User, $"/api/qr/sessions/{session}/confirm", $$"""{"matchNumber":"{{wrong}}"}"""), 403, "pairing-refused");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, $"/api/qr/pair/{session}", claim.GetProperty("pollToken").GetString()), 403, "pairing-refused");
    }

    [Fact]
    public async Task Claim_ExpiredCode_IsCodeExpired()
    {
        var code = await ApiWorld.NewCodeAsync(world.User);
        await world.ExecuteAsync("""UPDATE portal.pairing_sessions SET "expiresAt" = now() - interval '1 second'""");

        ApiWorld.AssertProblem(await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(code, "phone-4")), 410, "code-expired");
    }

    [Fact]
    public async Task Claim_DeviceOfAnotherOrQuarantined_IsRefusedByName()
    {
        var (deviceId, token) = await world.PairAsync(world.User);

        ApiWorld.AssertProblem(
            await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(await ApiWorld.NewCodeAsync(world.Admin), deviceId)), 409, "device-belongs-to-another");

        await world.ExecuteAsync("""UPDATE public.device_pairings SET "isActive" = false""");
        await world.ExecuteAsync("""INSERT INTO portal.device_state ("pairingId", reason) SELECT id, 'lost' FROM public.device_pairings""");
        ApiWorld.AssertProblem(
            await ApiWorld.PostAsync(world.Nobody, "/api/qr/pair", ApiWorld.ClaimBody(await ApiWorld.NewCodeAsync(world.User), deviceId)), 409, "device-quarantined");
        ApiWorld.AssertProblem(await ApiWorld.GetAsync(world.Nobody, "/api/qr/pair", token), 401, "device-quarantined");
    }
}
