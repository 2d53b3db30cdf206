using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>A run that would act on many of the devices that work waits for an admin's yes, at night too.</summary>
public sealed class PolicyBrakeTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen Revoke = new(60, 0, UnseenAct.Revoke);
    private static readonly IOptions<PolicyOptions> Asking = Options.Create(new PolicyOptions { AskAbovePercent = 10, AskFromDevices = 5 });

    private PolicyRun Run => new(World.Databases, Asking);

    [Theory]
    [InlineData(4, 0, true)] // too few to ask
    [InlineData(5, 45, true)] // 10 %
    [InlineData(6, 44, false)] // 12 %
    public async Task Run_AroundTheShare_ActsOrWaits(int due, int others, bool acts)
    {
        await AddManyAsync(due, "61 days");
        await AddManyAsync(others, "1 day", "other");
        await SwitchOnAsync(Revoke);

        var simulation = (await new PolicySimulator(World.Databases, Asking).SimulateAsync(Admin, Revoke, null, 10, Token))!;
        var result = Assert.Single(await Run.RunAsync(Token));

        Assert.Equal(!acts, simulation.NeedsYes);
        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, due, 0, acts ? due : 0, acts ? null : due), result);
        var held = (await World.PolicyList.FindAsync(Admin, PolicyNames.Unseen, Token))!.Held;
        Assert.Equal(acts ? "" : $"{due} of {due + others}", held is null ? "" : $"{held.Devices} of {held.Of}");
    }

    [Fact]
    public async Task Run_AfterAYes_ActsOnSoManyAndTellsAdminsOnce()
    {
        await WaitingAsync();
        await Run.RunAsync(Token);
        Assert.Equal(1, await World.ScalarAsync<long>("SELECT count(*) FROM portal.notice_outbox WHERE kind = 'policy-held'"));

        Assert.Equal(new PolicyOutcome.Done(1), await World.Policies.AllowAsync(Admin, PolicyNames.Unseen, 1, 6, Token));

        Assert.Null((await World.PolicyList.FindAsync(Admin, PolicyNames.Unseen, Token))!.Held);
        Assert.Equal(6, Assert.Single(await Run.RunAsync(Token)).Acted);
    }

    [Fact]
    public async Task Run_MoreThanWereAllowed_WaitsAgain()
    {
        await WaitingAsync();
        await World.Policies.AllowAsync(Admin, PolicyNames.Unseen, 1, 6, Token);
        await AddManyAsync(1, "61 days", "late");

        Assert.Equal(7, Assert.Single(await Run.RunAsync(Token)).Held);
    }

    [Fact]
    public async Task Run_SavedAnewAfterAYes_WaitsAgain()
    {
        await WaitingAsync();
        await World.Policies.AllowAsync(Admin, PolicyNames.Unseen, 1, 6, Token);
        await SwitchOnAsync(Revoke with { WarnAfterDays = 61 });

        Assert.Equal(6, Assert.Single(await Run.RunAsync(Token)).Held);
    }

    [Fact]
    public async Task Run_NumberWasTypedWhenItWasSwitchedOn_ActsOnSoMany()
    {
        await AddManyAsync(30, "61 days");
        await SwitchOnAsync(Revoke, confirmed: 30);

        Assert.Equal(30, Assert.Single(await Run.RunAsync(Token)).Acted);
    }

    [Fact]
    public async Task Run_ShorteningMany_WaitsToo()
    {
        await AddManyAsync(6, "1 day");
        await SwitchOnAsync(new PolicySettings.LongestPairing(30, ShortenExisting: true));

        Assert.Equal(new PolicyRunResult(PolicyNames.LongestPairing, 6, 0, 0, Held: 6), Assert.Single(await Run.RunAsync(Token)));
    }

    [Fact]
    public async Task AllowAsync_ByOthersOrForOtherSettings_ChangesNothing()
    {
        await WaitingAsync();

        Assert.IsType<PolicyOutcome.NotAllowed>(await World.Policies.AllowAsync(Admin with { Role = AccountRole.Support }, PolicyNames.Unseen, 1, 6, Token));
        Assert.IsType<PolicyOutcome.ChangedMeanwhile>(await World.Policies.AllowAsync(Admin, PolicyNames.Unseen, 2, 6, Token));
        Assert.IsType<PolicyOutcome.NotFound>(await World.Policies.AllowAsync(Admin, "nothing", 1, 6, Token));
        Assert.IsType<PolicyOutcome.Invalid>(await World.Policies.AllowAsync(Admin, PolicyNames.Unseen, 1, 0, Token));
        Assert.Equal(6, Assert.Single(await Run.RunAsync(Token)).Held);
    }

    /// <summary>12 % of the devices that work; the run has found them.</summary>
    private async Task WaitingAsync()
    {
        await World.ExecuteAsync("DELETE FROM portal.notice_outbox");
        await AddManyAsync(6, "62 days");
        await AddManyAsync(44, "1 day", "other");
        await SwitchOnAsync(Revoke);
        Assert.Equal(6, Assert.Single(await Run.RunAsync(Token)).Held);
    }
}
