using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Introspection;

/// <summary>What a service hears of a token, over HTTP and with a key of its own.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class IntrospectionApiTests(ApiPortal portal)
{
    private const string Introspect = "/api/qr/introspect";
    private static readonly Actor Admin = new("admin", "Admin", AccountRole.Admin, null, null);
    private static int _count;

    [Fact]
    public async Task Introspect_LiveToken_SaysWhoseItIsAndWhatItMay()
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        var service = await NewServiceAsync();

        var answer = await service.PostAsync(Introspect, new { token = Text(paired, "sessionToken"), scope = "WRITE_NOTES" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(["active", "token_type", "sub", "device_id", "device_type", "scope", "exp", "allowed", "client_id"], ApiAnswer.Names(answer.Json));
        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        Assert.Equal(person.Id, Text(answer.Json, "sub"));
        Assert.Equal(Text(paired, "deviceId"), Text(answer.Json, "device_id"));
        Assert.Equal("MOBILE_IOS", Text(answer.Json, "device_type"));
        Assert.Equal("WRITE_NOTES VIEW_TRANSCRIPT", Text(answer.Json, "scope"));
        Assert.Equal(paired.GetProperty("expiresAt").GetDateTimeOffset().ToUnixTimeSeconds(), answer.Json.GetProperty("exp").GetInt64());
        Assert.True(answer.Json.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Introspect_AsAForm_IsAnsweredAsTheRfcHasIt()
    {
        var service = await NewServiceAsync();
        var token = await NewDeviceAsync(PermissionScope.WriteNotes);

        var answer = await service.PostTextAsync(Introspect, $"token={token}&scope=VIEW_TRANSCRIPT&token_type_hint=access_token", "application/x-www-form-urlencoded");

        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        Assert.False(answer.Json.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Introspect_NoScopeAsked_SaysNothingOfAllowed() =>
        Assert.DoesNotContain("allowed", ApiAnswer.Names((await (await NewServiceAsync()).PostAsync(Introspect, new { token = await NewDeviceAsync() })).Json));

    [Fact]
    public async Task Introspect_FullAccess_AllowsAndListsEveryScope()
    {
        var answer = await (await NewServiceAsync()).PostAsync(Introspect, new { token = await NewDeviceAsync(PermissionScope.FullAccess), scope = "VIEW_MEDICATIONS" });

        Assert.True(answer.Json.GetProperty("allowed").GetBoolean());
        Assert.Equal(Enum.GetValues<PermissionScope>().Length, Text(answer.Json, "scope").Split(' ').Length);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("quarantined")]
    public async Task Introspect_NotALiveToken_IsInactiveAndNothingElse(string state)
    {
        var person = await portal.NewPersonAsync();
        var token = state == "unknown" ? "dvc_nobody" : await portal.Portal.AddDeviceAsync(
            person.Id, NewDeviceId(),
            p =>
            {
                p.IsActive = state != "revoked";
                p.ExpiresAt = state == "expired" ? p.CreatedAt.AddSeconds(-1) : p.ExpiresAt;
            },
            quarantined: state == "quarantined");

        var answer = await (await NewServiceAsync()).PostAsync(Introspect, new { token, scope = "WRITE_NOTES" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"active":false}""", answer.Text);
    }

    [Fact]
    public async Task Introspect_GrantThatEnded_IsOutAtOnce()
    {
        var service = await NewServiceAsync();
        var token = await NewDeviceAsync(PermissionScope.WriteNotes, PermissionScope.ViewTranscript);
        await using (var db = portal.Portal.Services.GetRequiredService<DeviceDatabases>().CreateDbContext())
        {
            await db.DevicePermissions.Where(g => g.Permission == PermissionScope.WriteNotes && db.DevicePairings.Any(p => p.Id == g.DevicePairingId && token.Contains(p.DeviceId)))
                .ExecuteUpdateAsync(set => set.SetProperty(g => g.ExpiresAt, _ => DatabaseClock.UtcNow()), TestContext.Current.CancellationToken);
        }

        var answer = await service.PostAsync(Introspect, new { token, scope = "WRITE_NOTES" });

        Assert.False(answer.Json.GetProperty("allowed").GetBoolean());
        Assert.Equal("VIEW_TRANSCRIPT", Text(answer.Json, "scope"));
    }

    [Fact]
    public async Task Introspect_AfterTheOwnerEndedTheDevice_IsInactiveFromTheNextCallOn()
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        var service = await NewServiceAsync();
        Assert.True((await service.PostAsync(Introspect, new { token = Text(paired, "sessionToken") })).Json.GetProperty("active").GetBoolean());

        (await person.Api.DeleteAsync($"/api/qr/pair/{Text(paired, "deviceId")}")).Data();

        Assert.Equal("""{"active":false}""", (await service.PostAsync(Introspect, new { token = Text(paired, "sessionToken") })).Text);
    }

    [Fact]
    public async Task Introspect_DeadTokenAskedForOften_StaysAnAnswerAndNoLimit()
    {
        var service = await NewServiceAsync();
        var token = await portal.Portal.AddDeviceAsync((await portal.NewPersonAsync()).Id, NewDeviceId(), p => p.IsActive = false);

        for (var call = 0; call < 40; call++)
        {
            Assert.Equal("""{"active":false}""", (await service.PostAsync(Introspect, new { token })).Text);
        }
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"token":null}""")]
    [InlineData("""{"token":5}""")]
    [InlineData("""[]""")]
    [InlineData("""{"token":"dvc_a","scope":"WRITE_EVERYTHING"}""")]
    [InlineData("""{"token""")]
    public async Task Introspect_BodyThatIsNoQuestion_IsInvalid(string body) =>
        (await (await NewServiceAsync()).PostTextAsync(Introspect, body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");

    /// <summary>The service passes on what it was sent; an error would be one of the service's own to its users.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\\ud800")]
    [InlineData("dvc_\\udc00\\ud800")]
    [InlineData("dvc_\\u0000")]
    [InlineData("513")]
    [InlineData("7000")]
    public async Task Introspect_WhatCannotBeAToken_IsInactive(string token)
    {
        var text = int.TryParse(token, System.Globalization.CultureInfo.InvariantCulture, out var length) ? new string('a', length) : token;

        var answer = await (await NewServiceAsync()).PostTextAsync(Introspect, $$"""{"token":"{{text}}","scope":"WRITE_NOTES"}""");

        Assert.Equal((HttpStatusCode.OK, """{"active":false}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("token=", true)]
    [InlineData("token=%ED%A0%80", true)]
    [InlineData("scope=WRITE_NOTES", false)]
    public async Task Introspect_FormWithoutAToken_IsInactiveOrInvalid(string form, bool inactive)
    {
        var answer = await (await NewServiceAsync()).PostTextAsync(Introspect, form, "application/x-www-form-urlencoded");

        Assert.Equal(inactive ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Introspect_OtherContentType_IsRefused() =>
        (await (await NewServiceAsync()).PostTextAsync(Introspect, "token=a", "text/plain")).IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task Introspect_RevokedKey_IsRefusedFromTheNextCallOn()
    {
        var keys = portal.Portal.Services.GetRequiredService<ServiceKeyRegister>();
        var created = Assert.IsType<ServiceKeyOutcome.Created>(await keys.CreateAsync(Admin, NewName(), TestContext.Current.CancellationToken));
        var service = portal.Anyone(created.Key);
        Assert.Equal("""{"active":false}""", (await service.PostAsync(Introspect, new { token = "dvc_a" })).Text);

        await keys.RevokeAsync(Admin, created.Id, TestContext.Current.CancellationToken);

        var answer = await service.PostAsync(Introspect, new { token = "dvc_a" });
        answer.IsProblem(HttpStatusCode.Unauthorized, "service-key-unknown");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Service_AskingForAnythingElse_IsRefused() =>
        (await (await NewServiceAsync()).GetAsync("/api/devices")).IsProblem(HttpStatusCode.Forbidden, "forbidden");

    private async Task<ApiCaller> NewServiceAsync()
    {
        var keys = portal.Portal.Services.GetRequiredService<ServiceKeyRegister>();
        return portal.Anyone(Assert.IsType<ServiceKeyOutcome.Created>(await keys.CreateAsync(Admin, NewName(), TestContext.Current.CancellationToken)).Key);
    }

    private static string NewName() => $"Service {Interlocked.Increment(ref _count)}";

    /// <summary>A device with these scopes; its token.</summary>
    private async Task<string> NewDeviceAsync(params PermissionScope[] scopes)
    {
        var person = await portal.NewPersonAsync();
        return await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), pairing =>
        {
            foreach (var scope in scopes)
            {
                pairing.Permissions.Add(new DevicePermission
                {
                    Id = Ids.New(),
                    DevicePairingId = pairing.Id,
                    Permission = scope,
                    GrantedAt = pairing.CreatedAt,
                    CreatedAt = pairing.CreatedAt,
                    UpdatedAt = pairing.CreatedAt,
                });
            }
        });
    }
}
