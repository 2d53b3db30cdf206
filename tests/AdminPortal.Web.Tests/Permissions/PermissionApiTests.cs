using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Permissions;

[Collection(ApiPortalCollection.Name)]
public sealed class PermissionApiTests(ApiPortal portal)
{
    private const string Address = "/api/qr/permissions";

    [Fact]
    public async Task Replace_ByOwner_IsWhatTheDeviceHas()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        var device = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, deviceId));

        var answer = (await person.Api.PostAsync(
            Address, new { deviceId, permissions = new object[] { "VIEW_MEDICATIONS", new { scope = "WRITE_NOTES", expiresAt = "2099-01-01T00:00:00+02:00" } } })).Data();

        Assert.Equal(["deviceId", "permissions"], ApiAnswer.Names(answer));
        var held = (await device.GetAsync("/api/qr/pair")).Data()[0].GetProperty("permissions");
        Assert.Equal(["WRITE_NOTES", "VIEW_MEDICATIONS"], held.EnumerateArray().Select(p => Text(p, "scope")));
        Assert.Equal(DateTimeOffset.Parse("2098-12-31T22:00:00Z", null), held[0].GetProperty("expiresAt").GetDateTimeOffset());

        (await person.Api.PostAsync(Address, new { deviceId, permissions = Array.Empty<string>() })).Data();
        Assert.Empty((await device.GetAsync("/api/qr/pair")).Data()[0].GetProperty("permissions").EnumerateArray());
    }

    [Theory]
    [InlineData(AccountRole.Admin, HttpStatusCode.OK, null)]
    [InlineData(AccountRole.Support, HttpStatusCode.Forbidden, "forbidden")]
    [InlineData(AccountRole.User, HttpStatusCode.NotFound, "not-found")]
    public async Task Replace_OfSomebodyElsesDevice_IsForAdmins(AccountRole role, HttpStatusCode expected, string? problem)
    {
        var (owner, other) = (await portal.NewPersonAsync(), await portal.NewPersonAsync(role));
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(owner.Id, deviceId);

        var answer = await other.Api.PostAsync(Address, new { deviceId, permissions = new[] { "WRITE_NOTES" } });

        if (problem is null)
        {
            answer.Data();
        }
        else
        {
            answer.IsProblem(expected, problem);
        }
    }

    [Fact]
    public async Task Replace_ByTheDevice_IsForbidden()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        var device = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, deviceId));

        (await device.PostAsync(Address, new { deviceId, permissions = new[] { "WRITE_NOTES" } })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Replace_FullAccess_IsForAdmins()
    {
        var (owner, admin) = (await portal.NewPersonAsync(), await portal.NewPersonAsync(AccountRole.Admin));
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(owner.Id, deviceId);

        (await owner.Api.PostAsync(Address, new { deviceId, permissions = new[] { "FULL_ACCESS" } })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await admin.Api.PostAsync(Address, new { deviceId, permissions = new[] { "FULL_ACCESS" } })).Data();
    }

    [Fact]
    public async Task Replace_OfAnEndedDevice_SaysSo()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId, p => p.IsActive = false);

        (await person.Api.PostAsync(Address, new { deviceId, permissions = new[] { "WRITE_NOTES" } })).IsProblem(HttpStatusCode.Conflict, "device-not-active");
    }

    [Fact]
    public async Task Replace_NotARequest_IsInvalid()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId);
        string[] bodies =
        [
            "", "{", "null", "{}", $$"""{"deviceId":"{{deviceId}}"}""", """{"permissions":[]}""", $$"""{"deviceId":"{{deviceId}}","permissions":[null]}""",
            $$"""{"deviceId":"{{deviceId}}","permissions":["FLY"]}""", $$"""{"deviceId":"{{deviceId}}","permissions":[7]}""",
            $$"""{"deviceId":"{{deviceId}}","permissions":["WRITE_NOTES","WRITE_NOTES"]}""",
            $$"""{"deviceId":"{{deviceId}}","permissions":[{"scope":"WRITE_NOTES","expiresAt":"2001-01-01T00:00:00Z"}]}""",
            """{"deviceId":"a\u0000b","permissions":["WRITE_NOTES"]}""",
        ];
        foreach (var body in bodies)
        {
            (await person.Api.PostTextAsync(Address, body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    /// <summary>Not a date to the database: it would mean "never" there.</summary>
    [Fact]
    public async Task Replace_ExpiryAtTheEndOfTime_IsRefusedWithTheWayOut()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId);

        var answer = await person.Api.PostAsync(Address, new { deviceId, permissions = new[] { new { scope = "WRITE_NOTES", expiresAt = "9999-12-31T23:59:59.9999999Z" } } });

        answer.IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("leave it out where there is no end", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
