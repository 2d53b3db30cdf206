using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Looking at a code before claiming it.</summary>
public sealed class CodePreviewTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task PreviewAsync_RightSecret_ShowsAMaskedAccountAndClaimsNothing()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user, PermissionScope.ViewTranscript);

        var found = Assert.IsType<PreviewOutcome.Found>(await World.Claims.PreviewAsync(PairingWorld.Scan(code), Token)).Preview;

        Assert.Equal("p•••@e•••.org", found.Account);
        Assert.Equal([new ScopeGrant(PermissionScope.ViewTranscript)], found.Scopes);
        Assert.Equal(PairingStage.Open, (await World.Confirmation.FindAsync(user, code.SessionId, Token))!.Stage);
        Assert.IsType<PreviewOutcome.Found>(await World.Claims.PreviewAsync(PairingWorld.Type(code), Token));
    }

    [Fact]
    public async Task PreviewAsync_WrongSecret_CountsLikeAClaim()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        for (var i = 0; i < 5; i++)
            Assert.IsType<PreviewOutcome.Failed>(await World.Claims.PreviewAsync(request with { PairingCode = "wrong" }, Token));

        Assert.IsType<ClaimOutcome.CodeBurnt>(await World.ClaimAsync(request));
    }

    [Fact]
    public async Task PreviewAsync_CodeMissing_IsInvalid()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));

        var failed = Assert.IsType<PreviewOutcome.Failed>(await World.Claims.PreviewAsync(request with { PairingCode = null }, Token));

        Assert.IsType<ClaimOutcome.Invalid>(failed.Reason);
    }

    [Fact]
    public async Task PreviewAsync_WithoutADevice_IsAnswered()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));

        Assert.IsType<PreviewOutcome.Found>(await World.Claims.PreviewAsync(request with { DeviceId = null, DeviceType = null, ClaimKey = null }, Token));
    }

    [Fact]
    public async Task PreviewAsync_ExpiredOrClaimed_SaysSo()
    {
        var expired = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        await World.ExpireAsync(expired.SessionId!);
        var claimed = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        await World.ClaimedAsync(claimed);

        Assert.IsType<ClaimOutcome.CodeExpired>(Assert.IsType<PreviewOutcome.Failed>(await World.Claims.PreviewAsync(expired, Token)).Reason);
        Assert.IsType<ClaimOutcome.CodeUsed>(Assert.IsType<PreviewOutcome.Failed>(await World.Claims.PreviewAsync(claimed, Token)).Reason);
    }

    [Fact]
    public async Task PreviewAsync_PersonWasDeleted_IsCodeExpired()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        await World.ExecuteAsync("DELETE FROM public.users WHERE id = $1", user.UserId!);

        Assert.IsType<ClaimOutcome.CodeExpired>(Assert.IsType<PreviewOutcome.Failed>(await World.Claims.PreviewAsync(request, Token)).Reason);
    }
}
