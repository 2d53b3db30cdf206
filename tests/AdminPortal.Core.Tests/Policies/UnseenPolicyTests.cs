using AdminPortal.Core.Devices;
using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Activity;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>“Unseen N days → warn, then quarantine or revoke”, on both sides of each threshold.</summary>
public sealed class UnseenPolicyTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.Unseen AtOnce = new(60, 0, UnseenAct.Quarantine);
    private static readonly PolicySettings.Unseen AfterAWarning = new(60, 14, UnseenAct.Quarantine);

    [Theory]
    [InlineData("60 days 1 second", true)]
    [InlineData("60 days", true)]
    [InlineData("59 days 23 hours 59 minutes", false)]
    public async Task Run_AroundTheThreshold_DoesWhatTheSimulatorShowed(string ago, bool matches)
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, ago);
        Assert.Equal(matches ? [phone.PairingId] : [], await MatchesAsync(AtOnce));
        await SwitchOnAsync(AtOnce);

        var result = Assert.Single(await World.PolicyRun.RunAsync(Token));

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, matches ? 1 : 0, 0, matches ? 1 : 0), result);
        Assert.Equal(matches ? "quarantined" : "active", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_WithAWarning_WarnsOnceAndActsWhenItsTimeIsUp()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await UnseenAsync(phone, "100 days");
        await SwitchOnAsync(AfterAWarning);

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 0, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal(1, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = 'policy-warning'""", phone.PairingId));
        Assert.Contains(DeviceEventKind.PolicyWarned, await World.EventsAsync(owner));

        await WarnedAsync(phone, "13 days 23 hours");
        Assert.Equal(0, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        await WarnedAsync(phone, "14 days");
        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);

        Assert.Equal("quarantined", await StateAsync(phone));
        Assert.Contains("60 days", await World.ScalarAsync<string>("""SELECT reason FROM portal.device_state WHERE "pairingId" = $1""", phone.PairingId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DeviceWasUsedAfterTheWarning_StartsAnew()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(AfterAWarning);
        await World.PolicyRun.RunAsync(Token);
        await WarnedAsync(phone, "62 days"); // told, then used a day later, then silent again

        Assert.Equal(new PolicyRunResult(PolicyNames.Unseen, 1, 1, 0), Assert.Single(await World.PolicyRun.RunAsync(Token)));
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_Revoke_EndsForGood()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(AtOnce with { Act = UnseenAct.Revoke });

        Assert.Equal(1, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);

        Assert.Equal("revoked", await StateAsync(phone));
        Assert.IsType<DeviceTokenOutcome.Revoked>(await World.AuthenticateAsync(phone.SessionToken));
    }

    [Fact]
    public async Task Run_Exemptions_LeaveThePersonOrTheDeviceAloneUntilTheirEnd()
    {
        var (person, other) = (await World.NewPersonAsync(), await World.NewPersonAsync());
        var (own, device, third) = (await World.PairAsync(person), await World.PairAsync(other), await World.PairAsync(other));
        foreach (var phone in new[] { own, device, third })
            await UnseenAsync(phone, "61 days");
        await ExemptAsync(PolicyNames.Unseen, PolicySubject.User, person.UserId!);
        await ExemptAsync(PolicyNames.Unseen, PolicySubject.Pairing, device.PairingId, TimeProvider.System.GetUtcNow().AddYears(50));
        await ExemptAsync(PolicyNames.DevicesPerUser, PolicySubject.Pairing, third.PairingId); // of another policy
        await SwitchOnAsync(AtOnce);
        Assert.Equal([third.PairingId], await MatchesAsync(AtOnce));

        await World.PolicyRun.RunAsync(Token);
        Assert.Equal("active active quarantined", $"{await StateAsync(own)} {await StateAsync(device)} {await StateAsync(third)}");

        await World.ExecuteAsync("""UPDATE portal.policy_exemptions SET until = now() WHERE "subjectId" = $1""", device.PairingId);
        await World.PolicyRun.RunAsync(Token);
        Assert.Equal("active quarantined", $"{await StateAsync(own)} {await StateAsync(device)}");
    }

    [Fact]
    public async Task Run_QuarantineOfThePolicy_IsUndoneByTheOrdinaryRelease()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(AtOnce);
        await World.PolicyRun.RunAsync(Token);

        Assert.IsType<DeviceActOutcome.Done>(await World.Devices.ReleaseAsync(Admin, phone.PairingId, "Back in use.", Token));

        Assert.IsType<DeviceTokenOutcome.Valid>(await World.AuthenticateAsync(phone.SessionToken));
        Assert.Empty(await MatchesAsync(AtOnce)); // it was just seen
    }

    [Fact]
    public async Task Run_DeviceIsUsedWhileItWaits_IsLeftAlone()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(AtOnce);
        await using var connection = await Store.Owner.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await Sql.RunAsync(connection, """UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc' WHERE id = $1""", phone.PairingId);

        var run = World.PolicyRun.RunAsync(Token);
        await World.WaitForBlockedAsync();
        await transaction.CommitAsync(Token);

        Assert.Equal(0, Assert.Single(await run).Acted);
        Assert.Equal("active", await StateAsync(phone));
    }

    [Fact]
    public async Task Run_MoreThanABatch_ActsOnAll()
    {
        await AddManyAsync(1203, "61 days");
        await SwitchOnAsync(AfterAWarning, confirmed: 1203);
        Assert.Equal(1203, Assert.Single(await World.PolicyRun.RunAsync(Token)).Warned);
        await World.ExecuteAsync("""UPDATE portal.policy_warnings SET "warnedAt" = now() - interval '14 days', "actsAt" = now()""");

        Assert.Equal(1203, Assert.Single(await World.PolicyRun.RunAsync(Token)).Acted);
        Assert.Equal(1203, await World.ScalarAsync<long>("SELECT count(*) FROM portal.device_state WHERE \"pairingId\" LIKE 'many-%'"));
    }

    [Fact]
    public async Task Run_PolicyIsOff_DoesNothing()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        await UnseenAsync(phone, "61 days");
        await SwitchOnAsync(AfterAWarning);
        await World.PolicyRun.RunAsync(Token);
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, AtOnce, false, 1, null, Token));

        Assert.Empty(await World.PolicyRun.RunAsync(Token));

        Assert.Equal("active", await StateAsync(phone));
        Assert.Equal(0, await World.ScalarAsync<long>("SELECT count(*) FROM portal.policy_warnings WHERE act IS NOT NULL"));
    }
}
