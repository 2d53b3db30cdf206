using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Policies;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.DevicePolicies;

/// <summary>What programs and devices hear of policies. On a portal of its own: policies are for everyone.</summary>
public sealed class PolicyApiTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private static readonly Actor Admin = new("admin", "Admin", AccountRole.Admin, null, null);

    [Fact]
    public async Task Pairing_AgainstAPolicy_NamesTheProblem()
    {
        var person = await portal.NewPersonAsync();
        await portal.PairAsync(person);
        var session = await person.NewSessionAsync();

        await SwitchAsync(new PolicySettings.DevicesPerUser(1), true);
        (await portal.Anyone().PostAsync("/api/qr/pair", Scan(session))).IsProblem(HttpStatusCode.Conflict, "device-limit-reached");
        await SwitchAsync(new PolicySettings.DevicesPerUser(1), false);
        await SwitchAsync(new PolicySettings.AllowedTypes([DeviceType.Tablet]), true);
        (await portal.Anyone().PostAsync("/api/qr/pair", Scan(session))).IsProblem(HttpStatusCode.Forbidden, "device-type-not-allowed");

        await portal.Anyone().ClaimAsync(Scan(session, deviceType: "TABLET")); // neither refusal spent the code
        await SwitchAsync(new PolicySettings.AllowedTypes([DeviceType.Tablet]), false);
    }

    [Fact]
    public async Task Collect_LimitReachedMeanwhile_IsTheSameProblem()
    {
        var person = await portal.NewPersonAsync();
        var device = portal.Anyone();
        var claim = await device.ClaimAsync(Scan(await person.NewSessionAsync()));
        (await person.ConfirmAsync(claim)).Data();
        await portal.PairAsync(person);

        await SwitchAsync(new PolicySettings.DevicesPerUser(1), true);
        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Conflict, "device-limit-reached");
        (await device.CollectAsync(claim)).IsProblem(HttpStatusCode.Conflict, "device-limit-reached"); // and stays it
        await SwitchAsync(new PolicySettings.DevicesPerUser(1), false);
    }

    [Fact]
    public async Task Granting_AScopeOfAdmins_SaysWhich()
    {
        var person = await portal.NewPersonAsync();
        var deviceId = NewDeviceId();
        await portal.Portal.AddDeviceAsync(person.Id, deviceId);
        await SwitchAsync(new PolicySettings.AdminScopes([PermissionScope.ViewMedications]), true);

        var code = (await person.Api.PostAsync("/api/qr/sessions", new { permissions = new[] { "WRITE_NOTES", "VIEW_MEDICATIONS" } })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        var grant = (await person.Api.PostAsync("/api/qr/permissions", new { deviceId, permissions = new[] { "VIEW_MEDICATIONS" } })).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        await SwitchAsync(new PolicySettings.AdminScopes([PermissionScope.ViewMedications]), false);

        Assert.Equal("Only an admin can grant VIEW_MEDICATIONS.", Text(code, "detail"));
        Assert.Equal("Only an admin can grant VIEW_MEDICATIONS.", Text(grant, "detail"));
    }

    [Fact]
    public async Task Code_LongerThanAllowed_IsInvalidAndWithoutDaysIsShortened()
    {
        var person = await portal.NewPersonAsync();
        await SwitchAsync(new PolicySettings.LongestPairing(10, ShortenExisting: false), true);

        var problem = (await person.Api.PostAsync("/api/qr/sessions", new { permissions = new[] { "WRITE_NOTES" }, pairingDays = 11 })).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        var paired = await portal.PairAsync(person);
        await SwitchAsync(new PolicySettings.LongestPairing(10, ShortenExisting: false), false);

        Assert.Contains("10 days", Text(problem, "detail"), StringComparison.Ordinal);
        Assert.InRange(paired.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.MinValue, TimeProvider.System.GetUtcNow().AddDays(10));
    }

    private async Task SwitchAsync(PolicySettings settings, bool on)
    {
        var services = portal.Portal.Services;
        var current = await services.GetRequiredService<PolicyList>().FindAsync(Admin, settings.PolicyName(), TestContext.Current.CancellationToken);
        var acts = services.GetRequiredService<PolicyActs>();
        var outcome = await acts.SaveAsync(Admin, settings, on, current!.Version, null, TestContext.Current.CancellationToken);
        if (outcome is PolicyOutcome.NotConfirmed { Devices: var devices })
        {
            outcome = await acts.SaveAsync(Admin, settings, on, current.Version, devices, TestContext.Current.CancellationToken);
        }

        Assert.IsType<PolicyOutcome.Done>(outcome);
    }
}
