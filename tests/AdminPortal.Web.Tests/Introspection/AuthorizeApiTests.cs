using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Introspection;

/// <summary>What a proxy hears that asks whether the bearer of a request may pass.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class AuthorizeApiTests(ApiPortal portal)
{
    private const string Authorize = "/api/qr/authorize";

    [Theory]
    [InlineData("")]
    [InlineData("?scope=WRITE_NOTES")]
    [InlineData("?scope=WRITE_NOTES%20VIEW_TRANSCRIPT")]
    [InlineData("?scope=WRITE_NOTES&scope=VIEW_TRANSCRIPT")]
    public async Task Authorize_LiveTokenWithTheScopes_PassesAndSaysWhoItIs(string query)
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);

        var answer = await portal.Anyone(Text(paired, "sessionToken")).GetAsync(Authorize + query);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(
            (person.Id, Text(paired, "deviceId"), "MOBILE_IOS", "WRITE_NOTES VIEW_TRANSCRIPT"),
            (Header(answer, "X-Portal-User"), Header(answer, "X-Portal-Device"), Header(answer, "X-Portal-Device-Type"), Header(answer, "X-Portal-Scopes")));
    }

    [Theory]
    [InlineData("?scope=VIEW_MEDICATIONS")]
    [InlineData("?scope=WRITE_NOTES%20VIEW_MEDICATIONS")]
    [InlineData("?scope=WRITE_NOTES&scope=VIEW_MEDICATIONS")]
    public async Task Authorize_OneScopeIsMissing_IsForbiddenAndSaysWhichAreNeeded(string query)
    {
        var paired = await portal.PairAsync(await portal.NewPersonAsync());

        var answer = await portal.Anyone(Text(paired, "sessionToken")).GetAsync(Authorize + query);

        answer.IsProblem(HttpStatusCode.Forbidden, "insufficient-scope");
        Assert.Matches("""^Bearer error="insufficient_scope", scope="(WRITE_NOTES )?VIEW_MEDICATIONS"$""", answer.Headers.WwwAuthenticate.ToString());
        Assert.False(answer.Headers.Contains("X-Portal-User"));
    }

    /// <summary>A proxy whose variable was empty must not let everyone in.</summary>
    [Theory]
    [InlineData("?scope=")]
    [InlineData("?scope=%20")]
    [InlineData("?scope=WRITE_EVERYTHING")]
    [InlineData("?scope=WRITE_NOTES%20WRITE_EVERYTHING")]
    public async Task Authorize_ScopeThatIsNone_IsInvalid(string query)
    {
        var paired = await portal.PairAsync(await portal.NewPersonAsync());

        (await portal.Anyone(Text(paired, "sessionToken")).GetAsync(Authorize + query)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData(null, "sign-in-required")]
    [InlineData("dvc_nonsense", "token-unknown")]
    [InlineData("svc_nonsense", "service-key-unknown")]
    [InlineData("nonsense", "sign-in-required")]
    public async Task Authorize_TokenThatIsNone_IsUnauthorized(string? token, string problem)
    {
        var answer = await portal.Anyone(token).GetAsync(Authorize);

        answer.IsProblem(HttpStatusCode.Unauthorized, problem);
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_PersonsBearer_IsForbidden() =>
        (await (await portal.NewPersonAsync(AccountRole.Admin)).Api.GetAsync(Authorize)).IsProblem(HttpStatusCode.Forbidden, "forbidden");

    [Fact]
    public async Task Authorize_DeadTokenThatKeepsCalling_StaysUnauthorizedAndSaysHowLongToWait()
    {
        var token = await portal.Portal.AddDeviceAsync((await portal.NewPersonAsync()).Id, NewDeviceId(), p => p.IsActive = false);
        var device = portal.Anyone(token);
        (await device.GetAsync(Authorize)).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");
        ApiAnswer last;
        var calls = 0;

        do
        {
            last = await device.GetAsync(Authorize);
            Assert.Equal(HttpStatusCode.Unauthorized, last.Status); // proxies understand nothing else
        }
        while (last.Headers.RetryAfter is null && ++calls < 100);

        last.IsProblem(HttpStatusCode.Unauthorized, "too-many-requests");
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task Authorize_IdsThatNoHeaderCanCarry_AreEscaped()
    {
        var person = await portal.NewPersonAsync();
        var token = await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), p => p.DeviceId = "Büro 5%\r\nX-Portal-User: admin");

        var answer = await portal.Anyone(token).GetAsync(Authorize);

        Assert.Equal("B%C3%BCro%205%25%0D%0AX-Portal-User%3A%20admin", Header(answer, "X-Portal-Device"));
        Assert.Equal(person.Id, Header(answer, "X-Portal-User"));
    }

    private static string Header(ApiAnswer answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
