using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>The right secret from a second holder: the code was photographed or passed on.</summary>
public sealed class CodeLeakTests(PairingDatabases databases) : PairingTest(databases)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task ClaimAsync_BySecondHolder_BlocksThePairingAndTellsTheUser(bool confirmed)
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        var claim = confirmed ? await World.ConfirmedAsync(user, PairingWorld.Scan(code)) : await World.ClaimedAsync(PairingWorld.Scan(code));

        Assert.IsType<ClaimOutcome.CodeUsed>(await World.ClaimAsync(PairingWorld.Scan(code)));

        var status = await World.Confirmation.FindAsync(user, code.SessionId, Token);
        Assert.Equal((PairingStage.Burnt, PairingEnds.Leaked), (status!.Stage, status.EndReason));
        Assert.Equal(DeviceEventKind.CodeLeaked, (await World.EventsAsync(user))[^1]);
        Assert.IsType<CollectOutcome.Burnt>(await World.CollectAsync(claim));
        var late = await World.ConfirmAsync(user, claim);
        Assert.Equal(PairingEnds.Leaked, Assert.IsType<ConfirmOutcome.Ended>(late).Status.EndReason);
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", user.UserId!));
        Assert.False(await World.ScalarAsync<bool>("SELECT seed IS NOT NULL FROM portal.pairing_sessions WHERE id = $1", code.SessionId));
    }

    [Fact]
    public async Task ClaimAsync_BySecondHolderWithTheShortCode_BlocksThePairing()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        await World.ClaimedAsync(PairingWorld.Scan(code));

        Assert.IsType<ClaimOutcome.CodeUsed>(await World.ClaimAsync(PairingWorld.Type(code)));

        Assert.Equal(PairingEnds.Leaked, (await World.Confirmation.FindAsync(user, code.SessionId, Token))!.EndReason);
    }

    [Fact]
    public async Task ClaimAsync_BySecondHolderAfterCollection_LeavesThePairingAndSaysSo()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(code));
        var device = await World.CollectedAsync(claim);

        Assert.IsType<ClaimOutcome.CodeUsed>(await World.ClaimAsync(PairingWorld.Scan(code)));

        Assert.Equal(PairingStage.Collected, (await World.Confirmation.FindAsync(user, code.SessionId, Token))!.Stage);
        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(device.SessionToken));
        Assert.Equal(DeviceEventKind.CodeLeaked, (await World.EventsAsync(user))[^1]);
    }
}
