using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>Nobody is blamed for a silence that was the portal's: it was down, or the clock jumped.</summary>
public sealed class PolicyAbsenceTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen AtOnce = new(60, 0, UnseenAct.Revoke);
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Run_PortalWasAwayWhileTheTimeRanOut_GivesThatTimeBack()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "100 days");
        await SwitchOnAsync(new PolicySettings.Unseen(60, 14, UnseenAct.Revoke));
        await World.PolicyRun.RunAsync(Token);
        await WarnedAsync(phone, "15 days");
        await AnsweredAsync("100 days", "3 days");

        var result = Assert.Single(await World.PolicyRun.RunAsync(Token));

        Assert.Equal((0, 0, "active"), (result.Warned, result.Acted, await StateAsync(phone)));
        Assert.NotNull(result.GraceUntil);
        Assert.InRange(await World.ScalarAsync<double>("""SELECT extract(epoch FROM "actsAt" - now())::float8 / 86400 FROM portal.policy_warnings WHERE act IS NOT NULL"""), 1.99, 2.01);
    }

    [Fact]
    public async Task Run_TimeWasUpBeforeThePortalWasAway_LeavesADayToCall()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "100 days");
        await SwitchOnAsync(new PolicySettings.Unseen(60, 14, UnseenAct.Revoke));
        await World.PolicyRun.RunAsync(Token);
        await WarnedAsync(phone, "20 days");
        await AnsweredAsync("100 days", "1 day");

        Assert.Equal(0, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        await AnsweredAsync("100 days", "50 hours", "25 hours", "0 hours");
        await World.ExecuteAsync("""UPDATE portal.policy_warnings SET "actsAt" = "actsAt" - interval '25 hours'""");

        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        Assert.Equal("revoked", await StateAsync(phone));
    }

    [Theory]
    [InlineData("64 days", 0)]
    [InlineData("66 days", 1)]
    public async Task Run_DaysWithoutThePortal_DoNotCountAsUnseen(string ago, int acted)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, ago);
        await AnsweredAsync("100 days", "10 days", "5 days", "1 minute");
        await SwitchOnAsync(AtOnce);

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, acted, 0, acted), Assert.Single(await World.PolicyRun.RunAsync(Token)));
    }

    [Theory]
    [InlineData("5 hours", 1)] // a restart, a maintenance
    [InlineData("7 hours", 0)]
    public async Task Run_FirstThingAfterAGap_ActsOnNobody(string away, int acted)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "70 days");
        await AnsweredAsync("100 days", away);
        await SwitchOnAsync(AtOnce);

        Assert.Equal(acted, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        Assert.Equal(acted, (await World.Simulator.SimulateAsync(Admin, AtOnce, null, 10, Token))!.GraceUntil is null ? 1 : 0);
    }

    [Fact]
    public async Task Note_ClockWasAheadAndIsPutRight_ForgetsTheTimeThatNeverWas()
    {
        await AnsweredAsync("100 days", "1 minute", "-30 days", "-31 days");
        await using var db = World.Databases.CreateDbContext();

        await AnsweredTime.NoteAsync(db, Token);

        Assert.Empty((await AnsweredTime.ReadAsync(db, Token)).Gaps);
        Assert.Equal(1, await World.ScalarAsync<long>("SELECT count(*) FROM portal.answered_spans WHERE until BETWEEN now() - interval '1 minute' AND now()"));
    }

    [Theory]
    [InlineData(10, 0)] // it lies before
    [InlineData(25, 5)]
    [InlineData(22, 5)] // it reaches over the beginning: the days before it are looked at instead
    public void MissedIn_AroundAGap_IsTheGapWhereItCounts(int days, int missed) =>
        Assert.Equal(TimeSpan.FromDays(missed), new Absences([new Absence(Now.AddDays(-25), Now.AddDays(-20))], Now).MissedIn(days));

    [Fact]
    public void MissedIn_SeveralGaps_AddsThoseThatTheOthersReachBackTo() => Assert.Equal(
        TimeSpan.FromDays(7),
        new Absences([new Absence(Now.AddDays(-7), Now.AddDays(-2)), new Absence(Now.AddDays(-13), Now.AddDays(-11)), new Absence(Now.AddDays(-40), Now.AddDays(-30))], Now).MissedIn(7));

    /// <summary>The portal answered from … to …, as long ago as these texts say.</summary>
    private async Task AnsweredAsync(params string[] ago)
    {
        await World.ExecuteAsync("DELETE FROM portal.answered_spans");
        foreach (var span in ago.Chunk(2))
            await World.ExecuteAsync($"INSERT INTO portal.answered_spans (since, until) VALUES (now() - interval '{span[0]}', now() - interval '{span[1]}')");
    }
}
