using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Notices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>Who is told of what, by the acts that people and devices really do.</summary>
public sealed class NoticeAudienceTests(PairingDatabases databases) : NoticesTest(databases)
{
    [Fact]
    public async Task Pair_ByTheOwnersPhone_TellsTheOwnerAndNobodyElse()
    {
        var (user, other) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var phone = await World.PairAsync(user);

        var notice = Assert.Single(await ToldAsync(user));
        Assert.Equal((NoticeKind.DevicePaired, phone.PairingId, "Test phone", 1), (notice.Kind, notice.PairingId, notice.DeviceTitle, notice.Count));
        Assert.Empty(await ToldAsync(other));
        Assert.DoesNotContain(NoticeKind.DevicePaired, await KindsAsync(admin));
    }

    [Fact]
    public async Task Revoke_ByAnAdmin_TellsTheOwnerWhoAndWhy()
    {
        var (user, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user);

        await World.Devices.RevokeAsync(admin, phone.PairingId, "left behind", Token);

        var notice = (await ToldAsync(user))[^1];
        Assert.Equal((NoticeKind.DeviceRevoked, admin.Name, "left behind"), (notice.Kind, notice.ActorName, notice.Reason));
    }

    [Fact]
    public async Task RevokeAndPermissions_ByTheOwner_TellNobody()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.Permissions.ReplaceAsync(user, phone.PairingId, [new ScopeGrant(PermissionScope.ViewTranscript)], Token);
        await World.Devices.RevokeAsync(user, phone.PairingId, null, Token);

        Assert.Equal([NoticeKind.DevicePaired], await KindsAsync(user));
    }

    [Fact]
    public async Task Revoke_ByTheDeviceItself_TellsNobody()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await World.Devices.RevokeAsync(new($"device:{phone.PairingId}", "Test phone", null, user.UserId, null), phone.PairingId, null, Token);

        Assert.Equal([NoticeKind.DevicePaired], await KindsAsync(user));
    }

    [Fact]
    public async Task Permissions_ChangedByAnAdmin_SayWhatWasGrantedAndTaken()
    {
        var (user, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user, null, PermissionScope.WriteNotes);

        await World.Permissions.ReplaceAsync(admin, phone.PairingId, [new ScopeGrant(PermissionScope.ViewTranscript)], Token);

        var notice = (await ToldAsync(user))[^1];
        Assert.Equal(NoticeKind.ScopesChanged, notice.Kind);
        Assert.Equal($"{admin.Name} changed what “Test phone” may do: View transcripts granted, Write notes taken away.", notice.Text.Sentence);
    }

    [Fact]
    public async Task Permissions_SavedUnchanged_TellNobody()
    {
        var (user, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(user, null, PermissionScope.WriteNotes);

        await World.Permissions.ReplaceAsync(admin, phone.PairingId, [new ScopeGrant(PermissionScope.WriteNotes)], Token);

        Assert.Equal([NoticeKind.DevicePaired], await KindsAsync(user));
    }

    [Fact]
    public async Task Claim_BySecondHolderOfTheCode_TellsTheOwnerOnce()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        await World.ClaimedAsync(PairingWorld.Scan(code));

        await World.ClaimAsync(PairingWorld.Scan(code));
        await World.ClaimAsync(PairingWorld.Scan(code));

        Assert.Equal([NoticeKind.CodeLeakBlocked], await KindsAsync(user));
    }

    [Fact]
    public async Task Move_RequestThatNeedsAnAdmin_TellsOwnerAndAdmins()
    {
        var (user, admin, support) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin), await World.NewPersonAsync(AccountRole.Support));
        var device = user with { Id = "device:pairing", Role = null };
        await WriteAsync(NoticeKind.PermissionRequested, user, device, detail: "WRITE_NOTES");
        Assert.Equal([NoticeKind.PermissionRequested], await KindsAsync(user));
        Assert.Empty(await ToldAsync(admin));

        await WriteAsync(NoticeKind.PermissionRequested, user, device, detail: "FULL_ACCESS" + PermissionNotices.NeedsAdmin);

        Assert.Equal(2, (await ToldAsync(user)).Count);
        Assert.Equal([NoticeKind.PermissionRequested], await KindsAsync(admin));
        Assert.Empty(await ToldAsync(support));
    }

    [Fact]
    public async Task Move_DisabledAccount_IsNotTold()
    {
        var user = await World.NewPersonAsync();
        await World.ChangeAccountAsync(user, account => account.DisabledAt = DateTimeOffset.UnixEpoch);
        await WriteAsync(NoticeKind.ScopesChanged, user, Core.Activity.Actor.Portal);

        Assert.Empty(await ToldAsync(user));
    }
}
