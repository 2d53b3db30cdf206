using AdminPortal.Core.Pairing;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>One code, many claims: at most one winner, whatever the timing; and repeats of the winner's call.</summary>
public sealed class ClaimRaceTests(PairingDatabases databases) : PairingTest(databases)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task ClaimAsync_HundredDevicesAtOnce_ExactlyOneWins(bool byShortCode)
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);

        var outcomes = await AtOnceAsync(100, _ => World.ClaimAsync(byShortCode ? PairingWorld.Type(code) : PairingWorld.Scan(code)));

        Assert.Single(outcomes, o => o is ClaimOutcome.PendingConfirmation);
        Assert.All(outcomes, o => Assert.True(o is ClaimOutcome.PendingConfirmation or ClaimOutcome.CodeUsed or ClaimOutcome.CodeBurnt, o.ToString()));
        Assert.Single(await World.EventsAsync(user), DeviceEventKind.Scanned);
    }

    [Fact]
    public async Task ClaimAsync_TwoPortalsAtOnce_ExactlyOneWins()
    {
        var code = await World.NewCodeAsync(await World.NewPersonAsync());
        var other = NewWorld();

        var outcomes = await AtOnceAsync(20, i => (i % 2 == 0 ? World : other).ClaimAsync(PairingWorld.Scan(code)));

        Assert.Single(outcomes, o => o is ClaimOutcome.PendingConfirmation);
    }

    [Fact]
    public async Task ClaimAsync_OneDeviceTwentyTimesAtOnce_GetsOneAnswer()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));

        var outcomes = await AtOnceAsync(20, _ => World.ClaimAsync(request));

        var claim = Assert.IsType<ClaimOutcome.PendingConfirmation>(Assert.Single(outcomes.Distinct()));
        Assert.Equal([DeviceEventKind.Scanned], await World.EventsAsync(user));
        Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, claim));
    }

    [Fact]
    public async Task ClaimAsync_ReplyWasLost_RepeatsTheAnswerInEveryStage()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        var first = await World.ClaimedAsync(request);

        Assert.Equal(first, await World.ClaimAsync(request));
        Assert.Equal(first, await World.ClaimAsync(request with { Address = PairingWorld.NewAddress() }));

        Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, first));
        var afterwards = await World.ClaimedAsync(request);
        Assert.Equal((first.MatchNumber, first.PollToken), (afterwards.MatchNumber, afterwards.PollToken));
        await World.CollectedAsync(afterwards);
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Confirmed, DeviceEventKind.Paired], await World.EventsAsync(user));
    }

    [Fact]
    public async Task ClaimAsync_SameKeyForAnotherDevice_IsCodeUsed()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        var claim = await World.ClaimedAsync(request);

        Assert.IsType<ClaimOutcome.CodeUsed>(await World.ClaimAsync(request with { DeviceId = PairingWorld.NewDeviceId() }));
        Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, claim));
    }

    [Fact]
    public async Task ClaimAsync_ConfirmedWhileClaimedAgainByAnother_NeverPairsTwo()
    {
        var user = await World.NewPersonAsync();
        for (var round = 0; round < 10; round++)
        {
            var code = await World.NewCodeAsync(user);
            var claim = await World.ClaimedAsync(PairingWorld.Scan(code));

            var confirming = Task.Run(() => World.ConfirmAsync(user, claim), Token);
            var intruding = Task.Run(() => World.ClaimAsync(PairingWorld.Scan(code)), Token);
            await Task.WhenAll(confirming, intruding);

            Assert.IsType<ClaimOutcome.CodeUsed>(await intruding);
            Assert.IsType<CollectOutcome.Burnt>(await World.CollectAsync(claim));
        }
    }
}
