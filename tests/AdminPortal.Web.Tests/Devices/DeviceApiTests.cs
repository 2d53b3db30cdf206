using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Devices;

[Collection(ApiPortalCollection.Name)]
public sealed class DeviceApiTests(ApiPortal portal)
{
    private const string Pair = "/api/qr/pair";

    [Fact]
    public async Task Devices_OfAPerson_AreTheirOwnWithPermissions()
    {
        var (person, other) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        var paired = await portal.PairAsync(person);
        await portal.Portal.AddDeviceAsync(other.Id, NewDeviceId());

        var device = Assert.Single((await person.Api.GetAsync(Pair)).Data().EnumerateArray());

        Assert.Equal(
            ["id", "deviceId", "deviceType", "deviceName", "isActive", "expiresAt", "lastSeenAt", "createdAt", "permissions"], ApiAnswer.Names(device));
        Assert.Equal(Text(paired, "deviceId"), Text(device, "deviceId"));
        Assert.Equal("MOBILE_IOS", Text(device, "deviceType"));
        Assert.Equal(["WRITE_NOTES", "VIEW_TRANSCRIPT"], device.GetProperty("permissions").EnumerateArray().Select(p => Text(p, "scope")));
        Assert.EndsWith("Z", Text(device, "expiresAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_OfAnUnlinkedAccount_AreNone() =>
        Assert.Empty((await (await portal.NewPersonAsync(linked: false)).Api.GetAsync(Pair)).Data().EnumerateArray());

    [Fact]
    public async Task Device_Asking_SeesItselfAlone()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId());

        var token = await portal.Portal.AddDeviceAsync(person.Id, deviceId);

        Assert.Equal(deviceId, Text(Assert.Single((await portal.Anyone(token).GetAsync(Pair)).Data().EnumerateArray()), "deviceId"));
    }

    [Fact]
    public async Task Device_TokenThatIsNotGood_HearsWhy()
    {
        var person = await portal.NewPersonAsync();
        var revoked = await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), p => p.IsActive = false);
        var expired = await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), p => p.ExpiresAt = p.CreatedAt.AddMinutes(-1));
        var suspended = await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), quarantined: true);

        foreach (var (token, problem) in new[] { (revoked, "device-revoked"), (expired, "device-expired"), (suspended, "device-quarantined"), ("dvc_nobody", "token-unknown") })
        {
            var answer = await portal.Anyone(token).GetAsync(Pair);
            answer.IsProblem(HttpStatusCode.Unauthorized, problem);
            Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Device_DeadTokenThatKeepsCalling_IsSlowedAlone()
    {
        var person = await portal.NewPersonAsync();
        var dead = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), p => p.IsActive = false), "10.99.0.1");
        var alive = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId()), "10.99.0.1");
        for (var call = 0; call < 30; call++)
        {
            (await dead.GetAsync(Pair)).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");
        }

        var answer = await dead.GetAsync(Pair);

        answer.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.NotNull(answer.Headers.RetryAfter);
        (await alive.GetAsync(Pair)).Data();
    }

    [Fact]
    public async Task End_ByOwner_HoldsFromTheNextRequestOn()
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        var device = portal.Anyone(Text(paired, "sessionToken"));
        (await device.GetAsync(Pair)).Data();

        var ended = (await person.Api.DeleteAsync($"{Pair}/{Text(paired, "deviceId")}?reason=lost")).Data();

        Assert.Equal(["deviceId", "alreadyEnded"], ApiAnswer.Names(ended));
        (await device.GetAsync(Pair)).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");
        Assert.True((await person.Api.DeleteAsync($"{Pair}/{Text(paired, "deviceId")}")).Data().GetProperty("alreadyEnded").GetBoolean());
    }

    [Fact]
    public async Task End_ByTheDeviceItself_IsItsSignOut()
    {
        var person = await portal.NewPersonAsync();
        var (mine, sibling) = (NewDeviceId(), NewDeviceId());
        var device = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, mine));
        await portal.Portal.AddDeviceAsync(person.Id, sibling);

        (await device.DeleteAsync($"{Pair}/{sibling}")).IsProblem(HttpStatusCode.NotFound, "not-found"); // of the same person, and still not its own
        (await device.DeleteAsync($"{Pair}/{mine}")).Data();
        (await device.GetAsync(Pair)).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");
    }

    [Theory]
    [InlineData(AccountRole.User, HttpStatusCode.NotFound, "not-found")]
    [InlineData(AccountRole.Support, HttpStatusCode.Forbidden, "forbidden")]
    [InlineData(AccountRole.Admin, HttpStatusCode.OK, null)]
    public async Task End_BySomebodyElse_IsForAdmins(AccountRole role, HttpStatusCode expected, string? problem)
    {
        var (owner, other) = (await portal.NewPersonAsync(), await portal.NewPersonAsync(role));
        var deviceId = NewDeviceId();
        var device = portal.Anyone(await portal.Portal.AddDeviceAsync(owner.Id, deviceId));

        var answer = await other.Api.DeleteAsync($"{Pair}/{deviceId}");

        if (problem is null)
        {
            answer.Data();
        }
        else
        {
            answer.IsProblem(expected, problem);
            (await device.GetAsync(Pair)).Data();
        }
    }

    [Fact]
    public async Task End_ReasonTooLong_IsInvalid()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId);

        (await person.Api.DeleteAsync($"{Pair}/{deviceId}?reason={new string('x', 501)}")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }
}
