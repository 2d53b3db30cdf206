using AdminPortal.Core.Devices;
using AdminPortal.Core.Pairing;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary><c>Pairing:RequireConfirmation=false</c>, the guide's behaviour: the claim is answered with the token.</summary>
public sealed class PairingWithoutConfirmationTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task ClaimAsync_RightSecret_IsPairedAtOnce()
    {
        var (world, user) = await NewPersonAsync();

        var device = await PairAsync(world, PairingWorld.Scan(await world.NewCodeAsync(user)));

        Assert.IsType<DeviceTokenOutcome.Valid>(await world.AuthenticateAsync(device.SessionToken));
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Paired], await world.EventsAsync(user));
    }

    [Fact]
    public async Task ClaimAsync_ReplyWasLost_GivesTheSameToken()
    {
        var (world, user) = await NewPersonAsync();
        var request = PairingWorld.Scan(await world.NewCodeAsync(user));

        var tokens = (await AtOnceAsync(20, _ => PairAsync(world, request))).Select(d => d.SessionToken).ToList();
        tokens.Add((await PairAsync(world, request)).SessionToken);

        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
        Assert.Single(await world.EventsAsync(user), DeviceEventKind.Paired);
    }

    [Fact]
    public async Task ClaimAsync_HundredDevicesAtOnce_AtMostOneIsPaired()
    {
        var (world, user) = await NewPersonAsync();
        var code = await world.NewCodeAsync(user);

        var outcomes = await AtOnceAsync(100, _ => world.ClaimAsync(PairingWorld.Scan(code)));

        var paired = outcomes.Count(o => o is ClaimOutcome.Paired);
        Assert.InRange(paired, 0, 1); // none when the leak was seen before the winner collected
        Assert.Equal(paired, await world.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", user.UserId!));
        Assert.All(outcomes, o => Assert.True(o is ClaimOutcome.Paired or ClaimOutcome.CodeUsed or ClaimOutcome.CodeBurnt, o.ToString()));
    }

    [Fact]
    public async Task ClaimAsync_AfterTheTokensFirstUse_IsCodeUsed()
    {
        var (world, user) = await NewPersonAsync();
        var request = PairingWorld.Scan(await world.NewCodeAsync(user));
        await world.AuthenticateAsync((await PairAsync(world, request)).SessionToken);

        Assert.IsType<ClaimOutcome.CodeUsed>(await world.ClaimAsync(request));
    }

    private async Task<(PairingWorld World, Core.Activity.Actor User)> NewPersonAsync()
    {
        var world = NewWorld(options => options.RequireConfirmation = false);
        return (world, await world.NewPersonAsync());
    }

    private static async Task<PairedDevice> PairAsync(PairingWorld world, ClaimRequest request) =>
        Assert.IsType<ClaimOutcome.Paired>(await world.ClaimAsync(request)).Device;
}
