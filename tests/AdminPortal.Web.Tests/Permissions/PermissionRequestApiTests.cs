using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Permissions;

[Collection(ApiPortalCollection.Name)]
public sealed class PermissionRequestApiTests(ApiPortal portal)
{
    private const string Address = "/api/qr/permissions/requests";

    [Fact]
    public async Task Ask_ThenGrant_GivesTheDeviceTheScope()
    {
        var person = await portal.NewPersonAsync();
        var device = await NewDeviceAsync(person);

        var asked = (await device.PostAsync(Address, new { permissions = new object[] { new { scope = "VIEW_TRANSCRIPT", expiresAt = "2099-01-01T00:00:00Z" } }, reason = "The visit takes longer." })).Data();
        Assert.Equal(["requests"], ApiAnswer.Names(asked));
        var request = asked.GetProperty("requests")[0];
        Assert.Equal(("open", "VIEW_TRANSCRIPT"), (Text(request, "state"), Text(request, "scope")));
        Assert.Empty((await device.GetAsync("/api/qr/pair")).Data()[0].GetProperty("permissions").EnumerateArray());

        var decided = (await person.Api.PostAsync($"{Address}/{Text(request, "id")}/decision", new { decision = "grant", expiresAt = "2099-02-01T00:00:00Z" })).Data();

        Assert.Equal("granted", Text(decided, "state"));
        Assert.Equal("VIEW_TRANSCRIPT", Text((await device.GetAsync("/api/qr/pair")).Data()[0].GetProperty("permissions")[0], "scope"));
        Assert.Equal("granted", Text((await device.GetAsync(Address)).Data().GetProperty("requests")[0], "state"));
    }

    [Fact]
    public async Task Decide_Twice_TellsTheSecondWhatHappened()
    {
        var person = await portal.NewPersonAsync();
        var device = await NewDeviceAsync(person);
        var id = Text((await device.PostAsync(Address, new { permissions = new[] { "VIEW_TRANSCRIPT" } })).Data().GetProperty("requests")[0], "id");
        (await person.Api.PostAsync($"{Address}/{id}/decision", new { decision = "refuse", reason = "Not on this phone." })).Data();

        var second = (await person.Api.PostAsync($"{Address}/{id}/decision", new { decision = "grant" })).IsProblem(HttpStatusCode.Conflict, "request-already-decided");

        Assert.Contains("refused", Text(second, "detail"), StringComparison.Ordinal);
        Assert.Equal("Not on this phone.", Text((await device.GetAsync(Address)).Data().GetProperty("requests")[0], "answer"));
    }

    [Theory]
    [InlineData(AccountRole.Support, HttpStatusCode.Forbidden, "forbidden")]
    [InlineData(AccountRole.User, HttpStatusCode.NotFound, "not-found")]
    public async Task Decide_BySomebodyElse_IsRefused(AccountRole role, HttpStatusCode status, string problem)
    {
        var device = await NewDeviceAsync(await portal.NewPersonAsync());
        var other = await portal.NewPersonAsync(role);
        var id = Text((await device.PostAsync(Address, new { permissions = new[] { "VIEW_TRANSCRIPT" } })).Data().GetProperty("requests")[0], "id");

        (await other.Api.PostAsync($"{Address}/{id}/decision", new { decision = "grant" })).IsProblem(status, problem);
        (await device.PostAsync($"{Address}/{id}/decision", new { decision = "grant" })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Decide_FullAccessByTheOwner_NamesTheScope()
    {
        var person = await portal.NewPersonAsync();
        var device = await NewDeviceAsync(person);
        var id = Text((await device.PostAsync(Address, new { permissions = new[] { "FULL_ACCESS" } })).Data().GetProperty("requests")[0], "id");

        var problem = (await person.Api.PostAsync($"{Address}/{id}/decision", new { decision = "grant" })).IsProblem(HttpStatusCode.Forbidden, "forbidden");

        Assert.Contains("FULL_ACCESS", Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ByAPersonOrWithoutAToken_IsRefused()
    {
        var person = await portal.NewPersonAsync();

        (await person.Api.PostAsync(Address, new { permissions = new[] { "VIEW_TRANSCRIPT" } })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await portal.Anyone().GetAsync(Address)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task AskAndDecide_Hostile_AreInvalid()
    {
        var person = await portal.NewPersonAsync();
        var device = await NewDeviceAsync(person);
        string[] asks =
        [
            "", "{", "null", "[]", "{}", """{"permissions":null}""", """{"permissions":[]}""", """{"permissions":[null]}""", """{"permissions":["FLY"]}""", """{"permissions":[7]}""",
            """{"permissions":"VIEW_TRANSCRIPT"}""", """{"permissions":["WRITE_NOTES","WRITE_NOTES"]}""", """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"yesterday"}]}""",
            """{"permissions":[{"scope":"WRITE_NOTES","expiresAt":"2001-01-01T00:00:00Z"}]}""", """{"permissions":["WRITE_NOTES"],"reason":"a\u0000b"}""", """{"permissions":["WRITE_NOTES"],"reason":7}""",
            $$"""{"permissions":["WRITE_NOTES"],"reason":"{{new string('x', 201)}}"}""",
        ];
        foreach (var body in asks)
        {
            (await device.PostTextAsync(Address, body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        }

        var id = Text((await device.PostAsync(Address, new { permissions = new[] { "VIEW_TRANSCRIPT" } })).Data().GetProperty("requests")[0], "id");
        string[] decisions =
        [
            "", "null", "{}", """{"decision":"maybe"}""", """{"decision":7}""", """{"decision":"grant","expiresAt":"2001-01-01T00:00:00Z"}""",
            """{"decision":"refuse","reason":"a\u0000b"}""", $$"""{"decision":"refuse","reason":"{{new string('x', 501)}}"}""",
        ];
        foreach (var body in decisions)
        {
            (await person.Api.PostTextAsync($"{Address}/{id}/decision", body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        }

        (await person.Api.PostAsync($"{Address}/%27/decision", new { decision = "grant" })).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Ask_ExpiryAtTheEndOfTime_IsRefused()
    {
        var device = await NewDeviceAsync(await portal.NewPersonAsync());

        var answer = await device.PostAsync(Address, new { permissions = new[] { new { scope = "WRITE_NOTES", expiresAt = "9999-12-31T23:59:59.9999999Z" } } });

        answer.IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Empty((await device.GetAsync(Address)).Data().GetProperty("requests").EnumerateArray());
    }

    private async Task<ApiCaller> NewDeviceAsync(ApiPerson person) => portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId()));
}
