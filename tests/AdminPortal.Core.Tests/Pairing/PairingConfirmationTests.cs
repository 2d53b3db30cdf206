using AdminPortal.Core.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>The user's answer to "Is this your device?".</summary>
public sealed class PairingConfirmationTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task ConfirmAsync_RightNumber_LetsTheDeviceCollect()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));

        var done = Assert.IsType<ConfirmOutcome.Done>(await World.Confirmation.ConfirmAsync(user, claim.SessionId, $" {claim.MatchNumber} ", Token));

        Assert.Equal(PairingStage.Confirmed, done.Status.Stage);
        Assert.Equal([DeviceEventKind.Scanned, DeviceEventKind.Confirmed], await World.EventsAsync(user));
        await World.CollectedAsync(claim);
    }

    [Theory, InlineData("other"), InlineData(""), InlineData("000"), InlineData("digits of another script")]
    public async Task ConfirmAsync_WrongNumber_EndsTheSessionAndIssuesNothing(string typed)
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));
        var number = typed switch
        {
            "other" => $"{claim.MatchNumber[0]}{(claim.MatchNumber[1] == '9' ? '0' : (char)(claim.MatchNumber[1] + 1))}",
            "digits of another script" => string.Concat(claim.MatchNumber.Select(c => (char)(c - '0' + '٠'))),
            _ => typed,
        };

        Assert.IsType<ConfirmOutcome.WrongNumber>(await World.Confirmation.ConfirmAsync(user, claim.SessionId, number, Token));

        Assert.IsType<CollectOutcome.Refused>(await World.CollectAsync(claim));
        Assert.IsType<ConfirmOutcome.Ended>(await World.ConfirmAsync(user, claim));
        await AssertRefusedAsync(user, claim, PairingEnds.WrongNumber);
    }

    [Fact]
    public async Task ConfirmAsync_TwiceOrAtOnce_IsDoneEachTimeAndWrittenOnce()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));

        var outcomes = await AtOnceAsync(10, _ => World.ConfirmAsync(user, claim));
        await World.CollectedAsync(claim);

        Assert.All(outcomes, o => Assert.IsType<ConfirmOutcome.Done>(o));
        Assert.Equal(PairingStage.Collected, Assert.IsType<ConfirmOutcome.Done>(await World.ConfirmAsync(user, claim)).Status.Stage);
        Assert.Single(await World.EventsAsync(user), DeviceEventKind.Confirmed);
    }

    [Fact]
    public async Task AnyCall_ForAnothersSession_IsNotFound()
    {
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(await World.NewPersonAsync())));
        var admin = await World.NewPersonAsync(AccountRole.Admin);

        Assert.Null(await World.Confirmation.FindAsync(admin, claim.SessionId, Token));
        Assert.IsType<ConfirmOutcome.NotFound>(await World.ConfirmAsync(admin, claim));
        Assert.IsType<ConfirmOutcome.NotFound>(await World.Confirmation.RefuseAsync(admin, claim.SessionId, Token));
        Assert.IsType<ConfirmOutcome.NotFound>(await World.Confirmation.RefuseAsync(admin with { UserId = null }, claim.SessionId, Token));
        Assert.IsType<ConfirmOutcome.NotFound>(await World.Confirmation.ConfirmAsync(admin, "\0", claim.MatchNumber, Token));
        Assert.IsType<CollectOutcome.Pending>(await World.CollectAsync(claim));
    }

    [Fact]
    public async Task FindWaitingAsync_PageWasClosedMeanwhile_FindsTheClaimThatCanStillBeAnswered()
    {
        var (user, other) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        await World.NewCodeAsync(user);
        Assert.Null(await World.Confirmation.FindWaitingAsync(user, Token));
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));

        Assert.Equal(claim.SessionId, (await World.Confirmation.FindWaitingAsync(user, Token))?.SessionId);

        Assert.Null(await World.Confirmation.FindWaitingAsync(other, Token));
        await World.ExpireAsync(claim.SessionId);
        Assert.Null(await World.Confirmation.FindWaitingAsync(user, Token));
    }

    [Fact]
    public async Task ConfirmAsync_UnclaimedCode_IsEnded()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);

        var ended = Assert.IsType<ConfirmOutcome.Ended>(await World.Confirmation.ConfirmAsync(user, code.SessionId, "00", Token));

        Assert.Equal(PairingStage.Open, ended.Status.Stage);
    }

    [Theory, InlineData("disabled"), InlineData("other role"), InlineData("other person")]
    public async Task ConfirmAsync_AccountChangedSinceSignIn_IsNotAllowed(string change)
    {
        var user = await World.NewPersonAsync(AccountRole.Admin);
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user, PermissionScope.FullAccess)));
        await World.ChangeAccountAsync(user, account =>
        {
            account.DisabledAt = change == "disabled" ? TimeProvider.System.GetUtcNow() : null;
            account.Role = change == "other role" ? AccountRole.User : AccountRole.Admin;
            account.AppUserId = change == "other person" ? null : account.AppUserId;
        });

        Assert.IsType<ConfirmOutcome.NotAllowed>(await World.ConfirmAsync(user, claim));

        Assert.IsType<CollectOutcome.Refused>(await World.CollectAsync(claim));
        await AssertRefusedAsync(user, claim, PairingEnds.AccountDisabled);
    }

    [Fact]
    public async Task ConfirmAsync_MayNoLongerGrantTheScopes_IsNotAllowed()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(admin, PermissionScope.FullAccess)));
        await World.ChangeAccountAsync(admin, account => account.Role = AccountRole.User);

        Assert.IsType<ConfirmOutcome.NotAllowed>(await World.ConfirmAsync(admin with { Role = AccountRole.User }, claim));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task RefuseAsync_ClaimedOrConfirmed_EndsIt(bool confirmed)
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));
        if (confirmed)
            await World.ConfirmAsync(user, claim);

        Assert.IsType<ConfirmOutcome.Done>(await World.Confirmation.RefuseAsync(user, claim.SessionId, Token));

        Assert.IsType<ConfirmOutcome.Done>(await World.Confirmation.RefuseAsync(user, claim.SessionId, Token));
        Assert.IsType<CollectOutcome.Refused>(await World.CollectAsync(claim));
        Assert.IsType<ConfirmOutcome.Ended>(await World.ConfirmAsync(user, claim));
        await AssertRefusedAsync(user, claim, PairingEnds.RefusedByUser);
    }

    [Fact]
    public async Task RefuseAsync_Unclaimed_WithdrawsItWithoutAnEntry()
    {
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);

        var done = Assert.IsType<ConfirmOutcome.Done>(await World.Confirmation.RefuseAsync(user, code.SessionId, Token));

        Assert.Equal(PairingEnds.Withdrawn, done.Status.EndReason);
        Assert.Empty(await World.EventsAsync(user));
    }

    [Fact]
    public async Task RefuseAsync_Collected_IsEndedAndTheDeviceStays()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);

        var ended = Assert.IsType<ConfirmOutcome.Ended>(await World.Confirmation.RefuseAsync(user, phone.Claim.SessionId, Token));

        Assert.Equal((PairingStage.Collected, phone.PairingId), (ended.Status.Stage, ended.Status.PairingId));
    }

    [Fact]
    public async Task ConfirmAsync_ExpiredSinceTheClaim_IsEnded()
    {
        var user = await World.NewPersonAsync();
        var claim = await World.ClaimedAsync(PairingWorld.Scan(await World.NewCodeAsync(user)));
        await World.ExpireAsync(claim.SessionId);

        var ended = Assert.IsType<ConfirmOutcome.Ended>(await World.ConfirmAsync(user, claim));

        Assert.Equal(PairingStage.Expired, ended.Status.Stage);
        Assert.IsType<CollectOutcome.Expired>(await World.CollectAsync(claim));
    }

    [Fact]
    public async Task RefuseAsync_AgainstConfirmAndCollect_EndsOneWay()
    {
        var user = await World.NewPersonAsync();
        for (var round = 0; round < 8; round++)
        {
            var claim = await World.ConfirmedAsync(user, PairingWorld.Scan(await World.NewCodeAsync(user)));

            var refusing = Task.Run(() => World.Confirmation.RefuseAsync(user, claim.SessionId, Token), Token);
            var collecting = Task.Run(() => World.CollectAsync(claim), Token);
            await Task.WhenAll(refusing, collecting);

            var paired = await collecting is CollectOutcome.Paired;
            Assert.Equal(paired, await refusing is ConfirmOutcome.Ended);
            Assert.Equal(paired, await World.CollectAsync(claim) is CollectOutcome.Paired);
        }
    }

    private async Task AssertRefusedAsync(Core.Activity.Actor user, ClaimOutcome.PendingConfirmation claim, string reason)
    {
        var status = await World.Confirmation.FindAsync(user, claim.SessionId, Token);
        Assert.Equal((PairingStage.Refused, reason), (status!.Stage, status.EndReason));
        Assert.Single(await World.EventsAsync(user), DeviceEventKind.Refused);
        Assert.False(await World.ScalarAsync<bool>("SELECT seed IS NOT NULL FROM portal.pairing_sessions WHERE id = $1", claim.SessionId));
        Assert.Equal(0, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE "userId" = $1""", user.UserId!));
    }
}
