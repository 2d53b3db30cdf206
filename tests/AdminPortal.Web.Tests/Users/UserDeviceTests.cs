using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Users;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Users;

namespace AdminPortal.Web.Tests.Users;

/// <summary>One table of a person's devices: pairings and registrations for sync together, problems first.</summary>
public sealed class UserDeviceTests
{
    private static readonly DateTime Now = new(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Of_PairingsAndRegistrations_HasEachDeviceOnce_ProblemsFirst()
    {
        var detail = new UserDetail(
            new UserRow("u", "Anna", "a@example.org", 2, 3, null, Now),
            [Pairing("fine", DeviceStatus.Active), Pairing("stuck", DeviceStatus.Active), Pairing("gone", DeviceStatus.Revoked), Pairing("apart", DeviceStatus.Active)],
            Array.Empty<int>().ToLookup(_ => "", _ => PermissionScope.WriteNotes),
            [Sync("fine", SyncVerdict.Healthy), Sync("stuck", SyncVerdict.StuckUploading), Sync("gone", SyncVerdict.Ended), Sync("unpaired", SyncVerdict.Dormant)]);

        var devices = UserDevice.Of(detail);

        Assert.Equal(["stuck", "unpaired", "fine", "apart", "gone"], devices.Select(d => d.Pairing?.DeviceId ?? d.Sync!.DeviceId));
        Assert.Null(devices[3].Sync);
        Assert.Null(devices[1].Pairing);
    }

    private static DeviceRow Pairing(string id, DeviceStatus status) =>
        new($"pairing-{id}", id, DeviceType.Tablet, null, "u", "Anna", "a@example.org", status, Now.AddMinutes(id == "fine" ? 0 : -5), Now, Now, 0);

    private static SyncStanding Sync(string id, SyncVerdict verdict) => new()
    {
        Id = id,
        DeviceId = id,
        UserId = "u",
        UserEmail = "a@example.org",
        Person = "Anna",
        Platform = "ios",
        AppVersion = "1",
        Verdict = verdict,
        LastSeenAt = Now.AddMinutes(-10),
    };
}
