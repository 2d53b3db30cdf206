using AdminPortal.Core.Activity;
using AdminPortal.Core.Alerts;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Tests.Notices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Tests.Alerts;

/// <summary>"This was not me", and what admins make of it.</summary>
public sealed class DeviceDisowningTests(PairingDatabases databases) : NoticesTest(databases)
{
    private DeviceDisowning Disowning => new(World.Databases);

    private AlertList Alerts => new(World.Databases);

    private AlertActs Acts => new(World.Databases);

    [Fact]
    public async Task Disown_ByTheOwner_SuspendsOpensAnAlertAndTellsTheAdmins()
    {
        var (user, admin) = await PeopleAsync();
        var phone = await World.PairAsync(user);

        var outcome = await Disowning.DisownAsync(user, phone.PairingId, " I was on leave ", Token);

        Assert.IsType<DisownOutcome.Done>(outcome);
        Assert.IsType<DeviceTokenOutcome.Quarantined>(await World.AuthenticateAsync(phone.SessionToken));
        var alert = Assert.Single((await Alerts.ListAsync(admin, closed: false, null, Token)).Rows, a => a.PairingId == phone.PairingId);
        Assert.Equal(("Test phone", user.Name, "I was on leave", DeviceStatus.Quarantined), (alert.DeviceTitle, alert.OpenedBy, alert.Note, alert.Device!.Status));
        Assert.NotNull(alert.Address);
        Assert.Equal([DeviceEventKind.Disowned, DeviceEventKind.Quarantined, DeviceEventKind.Paired], alert.Since.Select(e => e.Kind));
        Assert.Contains(NoticeKind.DeviceDisowned, await KindsAsync(admin));
        Assert.Equal([NoticeKind.DevicePaired], await KindsAsync(user));
    }

    [Fact]
    public async Task Disown_ManyClicksAtOnce_OpensOneAlert()
    {
        var (user, admin) = await PeopleAsync();
        var phone = await World.PairAsync(user);

        var outcomes = await AtOnceAsync(8, _ => Disowning.DisownAsync(user, phone.PairingId, null, Token));

        Assert.Single(outcomes.OfType<DisownOutcome.Done>());
        Assert.Equal(7, outcomes.OfType<DisownOutcome.AlreadyOpen>().Count());
        Assert.Single(await ToldAsync(admin), n => n.Kind == NoticeKind.DeviceDisowned && n.PairingId == phone.PairingId); // others' are told too
    }

    [Fact]
    public async Task Disown_ByOthers_ChangesNothing()
    {
        var (user, admin) = await PeopleAsync();
        var (other, support) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Support));
        var phone = await World.PairAsync(user);

        Assert.IsType<DisownOutcome.NotFound>(await Disowning.DisownAsync(other, phone.PairingId, null, Token));
        Assert.IsType<DisownOutcome.NotAllowed>(await Disowning.DisownAsync(support, phone.PairingId, null, Token));
        Assert.IsType<DisownOutcome.NotAllowed>(await Disowning.DisownAsync(admin, phone.PairingId, null, Token));
        Assert.IsType<DisownOutcome.NotFound>(await Disowning.DisownAsync(
            new Actor($"device:{phone.PairingId}", null, null, user.UserId, null) with { UserId = null }, phone.PairingId, null, Token));
        Assert.IsType<DisownOutcome.Invalid>(await Disowning.DisownAsync(user, phone.PairingId, new string('x', 501), Token));

        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.DoesNotContain(DeviceEventKind.Disowned, await World.EventsAsync(user));
    }

    [Fact]
    public async Task Disown_SuspendedByTheOwnerBefore_CannotBeLiftedByTheOwnerAnyMore()
    {
        var (user, admin) = await PeopleAsync();
        var phone = await World.PairAsync(user);
        await World.Devices.QuarantineAsync(user, phone.PairingId, "lost", Token);

        await Disowning.DisownAsync(user, phone.PairingId, null, Token);

        Assert.IsType<DeviceActOutcome.NotAllowed>(await World.Devices.ReleaseAsync(user, phone.PairingId, null, Token));
        Assert.IsType<DeviceActOutcome.Done>(await World.Devices.ReleaseAsync(admin, phone.PairingId, null, Token));
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task Disown_DeviceThatHasEnded_OpensTheAlertAllTheSame()
    {
        var (user, _) = await PeopleAsync();
        var phone = await World.PairAsync(user);
        await World.Devices.RevokeAsync(user, phone.PairingId, null, Token);

        Assert.IsType<DisownOutcome.Done>(await Disowning.DisownAsync(user, phone.PairingId, null, Token));

        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task Close_TwoAdminsAtOnce_TellsTheSecondWhoWasQuicker()
    {
        var (user, admin) = await PeopleAsync();
        var second = await World.NewPersonAsync(AccountRole.Admin);
        var alertId = await DisownedAsync(user);

        var outcomes = await AtOnceAsync(2, i => Acts.CloseAsync(i == 0 ? admin : second, alertId, $"looked at by {i}", Token));

        var won = Array.FindIndex(outcomes, o => o is AlertOutcome.Closed);
        var told = Assert.IsType<AlertOutcome.AlreadyClosed>(outcomes[1 - won]);
        Assert.Equal(((won == 0 ? admin : second).Name, $"looked at by {won}"), (told.By, told.Conclusion));
        var closed = Assert.Single((await Alerts.ListAsync(admin, closed: true, null, Token)).Rows, a => a.Id == alertId);
        Assert.Equal($"looked at by {won}", closed.Conclusion);
        var notice = Assert.Single(await ToldAsync(user), n => n.Kind == NoticeKind.AlertConcluded);
        Assert.Equal($"looked at by {won}", notice.Reason);
    }

    [Fact]
    public async Task Close_ByOthersOrWithoutWords_ChangesNothing()
    {
        var (user, admin) = await PeopleAsync();
        var support = await World.NewPersonAsync(AccountRole.Support);
        var alertId = await DisownedAsync(user);

        Assert.IsType<AlertOutcome.NotFound>(await Acts.CloseAsync(user, alertId, "fine", Token));
        Assert.IsType<AlertOutcome.NotAllowed>(await Acts.CloseAsync(support, alertId, "fine", Token));
        Assert.IsType<AlertOutcome.Invalid>(await Acts.CloseAsync(admin, alertId, "  ", Token));
        Assert.IsType<AlertOutcome.Invalid>(await Acts.CloseAsync(admin, alertId, new string('x', 501), Token));
        Assert.IsType<AlertOutcome.NotFound>(await Acts.CloseAsync(admin, "nothing", "fine", Token));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Alerts.ListAsync(user, false, null, Token));

        Assert.Contains((await Alerts.ListAsync(support, closed: false, null, Token)).Rows, a => a.Id == alertId);
    }

    [Fact]
    public async Task Disown_AfterAConclusion_OpensANewAlert()
    {
        var (user, admin) = await PeopleAsync();
        var phone = await World.PairAsync(user);
        var first = Assert.IsType<DisownOutcome.Done>(await Disowning.DisownAsync(user, phone.PairingId, null, Token));
        await Acts.CloseAsync(admin, first.AlertId, "it was you", Token);

        Assert.IsType<DisownOutcome.Done>(await Disowning.DisownAsync(user, phone.PairingId, null, Token));
    }

    [Fact]
    public async Task List_MoreThanAPage_GoesOnFromTheCursor()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        for (var i = 0; i < 12; i++)
            await DisownedAsync(await World.NewPersonAsync());

        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Alerts.ListAsync(admin, closed: false, cursor, Token);
            ids.AddRange(page.Rows.Select(a => a.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.True(ids.Count >= 12);
        Assert.Equal(ids.Distinct().OrderDescending(StringComparer.Ordinal), ids);
    }

    private async Task<(Actor User, Actor Admin)> PeopleAsync() => (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));

    private async Task<string> DisownedAsync(Actor user) =>
        Assert.IsType<DisownOutcome.Done>(await Disowning.DisownAsync(user, (await World.PairAsync(user)).PairingId, null, Token)).AlertId;
}
