using AdminPortal.Core.Pairing;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Guessing ends; people who pair correctly are never slowed.</summary>
public sealed class PairingLimitsTests(PairingDatabases databases) : PairingTest(databases)
{
    private const string NoSession = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task ClaimAsync_EleventhFailureFromAnAddress_IsTooMany()
    {
        var guess = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())) with { SessionId = NoSession };
        for (var i = 0; i < 10; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(guess));

        var refused = Assert.IsType<ClaimOutcome.TooMany>(await World.ClaimAsync(guess));

        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(guess with { Address = PairingWorld.NewAddress() }));
    }

    [Fact]
    public async Task ClaimAsync_WrongSecretsFromABlockedAddress_BurnNobodysCode()
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync()));
        await BlockAsync(request.Address!);
        for (var i = 0; i < 6; i++)
            Assert.IsType<ClaimOutcome.TooMany>(await World.ClaimAsync(request with { PairingCode = "wrong" }));

        await World.ClaimedAsync(request with { Address = PairingWorld.NewAddress() });
    }

    [Fact]
    public async Task ClaimAsync_ShortCodeFromABlockedAddress_IsTooManyEvenWhenRight()
    {
        var world = NewWorld(options => options.Limits.ShortCodeMissesPerAddress = 3);
        var request = PairingWorld.Type(await world.NewCodeAsync(await world.NewPersonAsync()));
        for (var i = 0; i < 3; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await world.ClaimAsync(request with { ShortCode = "BBBB-BBBB" }));

        Assert.IsType<ClaimOutcome.TooMany>(await world.ClaimAsync(request));
    }

    /// <summary>A building has one address.</summary>
    [Fact]
    public async Task ClaimAsync_RightShortCodeAfterTenWrongOnesOfNeighbours_Succeeds()
    {
        var request = PairingWorld.Type(await World.NewCodeAsync(await World.NewPersonAsync()));
        for (var i = 0; i < 20; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(request with { ShortCode = "BBBB-BBBB" }));

        await World.ClaimedAsync(request);
    }

    [Fact]
    public async Task ClaimAsync_RightSecretFromABlockedAddress_Succeeds()
    {
        var user = await World.NewPersonAsync();
        var request = PairingWorld.Scan(await World.NewCodeAsync(user));
        await BlockAsync(request.Address!);

        var claim = await World.ClaimedAsync(request);
        await World.ConfirmAsync(user, claim);

        Assert.IsType<CollectOutcome.Paired>(await World.Collection.CollectAsync(claim.SessionId, claim.PollToken, request.Address, Token));
    }

    [Fact]
    public async Task CollectAsync_ForgottenDevicePollsOn_DoesNotBlockItsNeighbours()
    {
        var request = PairingWorld.Type(await World.NewCodeAsync(await World.NewPersonAsync()));
        for (var i = 0; i < 10; i++)
            Assert.IsType<CollectOutcome.Unknown>(await World.Collection.CollectAsync(NoSession, PairingSecrets.NewClaimKey(), request.Address, Token));
        Assert.IsType<CollectOutcome.TooMany>(await World.Collection.CollectAsync(NoSession, PairingSecrets.NewClaimKey(), request.Address, Token));

        await World.ClaimedAsync(request);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    public async Task ClaimAsync_NeighbouringAddress_IsBlockedWhenOneNetwork(string address, string neighbour, bool shared)
    {
        var request = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())) with { Address = neighbour, PairingCode = "wrong" };
        await BlockAsync(address);

        var outcome = await World.ClaimAsync(request);

        Assert.Equal(shared, outcome is ClaimOutcome.TooMany);
    }

    [Fact]
    public async Task ClaimAsync_ManySuccessesFromOneAddress_AreNeverLimited()
    {
        var address = PairingWorld.NewAddress();
        for (var i = 0; i < 25; i++)
        {
            var code = await World.NewCodeAsync(await World.NewPersonAsync());
            await World.ClaimedAsync((i % 2 == 0 ? PairingWorld.Scan(code) : PairingWorld.Type(code)) with { Address = address });
        }
    }

    [Fact]
    public async Task ClaimAsync_ShortCodesGuessedFromEverywhere_RunOutTogether()
    {
        var world = NewWorld(options => options.Limits.ShortCodeMisses = 3);
        var code = await world.NewCodeAsync(await world.NewPersonAsync());
        for (var i = 0; i < 3; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await world.ClaimAsync(PairingWorld.Type(code) with { ShortCode = "BBBB-BBBB" }));

        Assert.IsType<ClaimOutcome.TooMany>(await world.ClaimAsync(PairingWorld.Type(code)));
        await world.ClaimedAsync(PairingWorld.Scan(code));
    }

    private async Task BlockAsync(string address)
    {
        var guess = PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())) with { SessionId = NoSession, Address = address };
        for (var i = 0; i < 10; i++)
            Assert.IsType<ClaimOutcome.CodeWrong>(await World.ClaimAsync(guess));
    }
}
