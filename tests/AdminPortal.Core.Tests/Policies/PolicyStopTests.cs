using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>A run that is at work stops when the policy is switched off or changed.</summary>
public sealed class PolicyStopTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen Revoke = new(60, 0, UnseenAct.Revoke);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_PolicyIsSwitchedOffOrChangedMeanwhile_StopsBeforeTheNextBatch(bool enabled)
    {
        await AddManyAsync(1203, "61 days");
        await SwitchOnAsync(Revoke, confirmed: 1203);
        await using var connection = await Store.Owner.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await Sql.RunAsync(connection, """SELECT 1 FROM public.device_pairings WHERE id = 'many-0700' FOR UPDATE"""); // in the second batch
        var run = World.PolicyRun.RunAsync(Token);
        await World.WaitForBlockedAsync();
        var save = World.Policies.SaveAsync(Admin, Revoke with { WarnAfterDays = 3000 }, enabled, 1, null, Token);
        await Task.WhenAny(save, World.WaitForBlockedAsync(2));

        await transaction.CommitAsync(Token);

        Assert.IsType<PolicyOutcome.Done>(await save);
        Assert.Equal(1000, Assert.Single(await run).Acted);
        Assert.Equal(203, await World.ScalarAsync<long>("""SELECT count(*) FROM public.device_pairings WHERE id LIKE 'many-%' AND "isActive" """));
    }
}
