using System.Net;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Devices;

/// <summary>A device's live connection and its word that it knows, over HTTP.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class DeviceSelfApiTests(ApiPortal portal)
{
    private const string Pair = "/api/qr/pair";
    private const string Ack = "/api/devices/me/ack";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_PermissionsChangedAndThenRevoked_AreHeardAndTheConnectionCloses()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        var token = await portal.Portal.AddDeviceAsync(person.Id, deviceId);
        await using var stream = await OpenAsync(token);
        Assert.Equal("connected", await stream.NextAsync());

        (await person.Api.PostAsync("/api/qr/permissions", new { deviceId, permissions = new[] { "WRITE_NOTES" }, reason = "covers ward 3" })).Data();
        Assert.Equal("permissions-changed", await stream.NextAsync());
        (await person.Api.DeleteAsync($"{Pair}/{deviceId}")).Data();

        Assert.Equal("revoked", await stream.NextAsync());
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Events_InstanceThatDrains_SendsTheDeviceAwayAndSaysWhenToComeBack()
    {
        await using var other = await RunningPortal.StartAsync(portal.Cluster, Token, kestrel: true);
        var token = await other.AddDeviceAsync(await other.AddPersonAsync(), NewDeviceId());
        await using var stream = await OpenAsync(token, other);
        Assert.Equal("connected", await stream.NextAsync());

        await other.Services.GetRequiredService<Drain>().RunAsync();

        Assert.Equal("moved", await stream.NextAsync());
        Assert.Equal(TimeSpan.FromSeconds(1), stream.ComeBackAfter);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Events_ThirdConnection_IsTooMany()
    {
        var token = await portal.Portal.AddDeviceAsync((await portal.NewPersonAsync()).Id, NewDeviceId());
        await using var first = await OpenAsync(token);
        await using var second = await OpenAsync(token);
        Assert.Equal("connected", await first.NextAsync());
        Assert.Equal("connected", await second.NextAsync());

        var third = await portal.Anyone(token).GetAsync("/api/devices/me/events");

        third.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.NotNull(third.Headers.RetryAfter);
    }

    [Fact]
    public async Task Events_DeadTokenOrPerson_HearWhy()
    {
        var person = await portal.NewPersonAsync();
        var dead = await portal.Portal.AddDeviceAsync(person.Id, NewDeviceId(), p => p.IsActive = false);

        (await portal.Anyone(dead).GetAsync("/api/devices/me/events")).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");
        (await person.Api.GetAsync("/api/devices/me/events")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await portal.Anyone().GetAsync("/api/devices/me/events")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task Ack_Revoked_IsNotedOnce()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        var device = portal.Anyone(await portal.Portal.AddDeviceAsync(person.Id, deviceId));
        (await person.Api.DeleteAsync($"{Pair}/{deviceId}")).Data();

        var first = Text((await device.PostAsync(Ack, null)).Data(), "acknowledgedAt");
        var second = Text((await device.PostAsync(Ack, null)).Data(), "acknowledgedAt");

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Ack_LiveToken_IsAConflict() =>
        (await portal.Anyone(await portal.Portal.AddDeviceAsync((await portal.NewPersonAsync()).Id, NewDeviceId())).PostAsync(Ack, null))
            .IsProblem(HttpStatusCode.Conflict, "device-not-ended");

    [Theory]
    [InlineData(null)]
    [InlineData("dvc_nobody")]
    [InlineData("dvc_")]
    [InlineData("svc_something")]
    public async Task Ack_NoKnownToken_IsUnauthorized(string? token)
    {
        var answer = await portal.Anyone(token).PostAsync(Ack, null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Fact]
    public async Task Ack_Admin_IsUnauthorized() =>
        (await (await portal.NewPersonAsync(AccountRole.Admin)).Api.PostAsync(Ack, null)).IsProblem(HttpStatusCode.Unauthorized, "token-unknown");

    private async Task<EventStream> OpenAsync(string token, RunningPortal? other = null) => await EventStream.OpenAsync((other ?? portal.Portal).Address, token);
}
