using AdminPortal.Core.Policies;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Policies;

/// <summary>Changing policies and exemptions: who may, and two at once.</summary>
public sealed class PolicyActsTests(PairingDatabases databases) : PolicyTest(databases)
{
    private static readonly PolicySettings.DevicesPerUser Ten = new(10);

    [Fact]
    public async Task ListAsync_NothingSaved_ShowsEveryPolicyOff()
    {
        var rows = await World.PolicyList.ListAsync(Admin, Token);

        Assert.Equal(PolicyNames.All, rows.Select(r => r.Name));
        Assert.All(rows, row => Assert.True(row is { Enabled: false, Version: 0 }));
    }

    [Fact]
    public async Task SaveAsync_EverySetting_IsReadBackAsSaved()
    {
        PolicySettings[] all =
        [
            new PolicySettings.Unseen(30, 7, UnseenAct.Revoke), new PolicySettings.LongestPairing(45, true), Ten,
            new PolicySettings.AllowedTypes([DeviceType.Tablet, DeviceType.Desktop]), new PolicySettings.AdminScopes([PermissionScope.ViewMedications]),
        ];
        foreach (var settings in all)
            await SwitchOnAsync(settings);

        var rows = await World.PolicyList.ListAsync(Admin, Token);

        Assert.Equal(all.Select(s => s.Describe()), rows.Select(r => r.Settings.Describe()));
        Assert.All(rows, row => Assert.Equal((true, 1, "The admin"), (row.Enabled, row.Version, row.UpdatedBy)));
    }

    [Fact]
    public async Task SaveAsync_TwoAdminsAtOnce_TheSecondIsToldWhatTheFirstSaved()
    {
        for (var version = 0; version < 5; version++)
        {
            var seen = version;
            var outcomes = await AtOnceAsync(2, i => World.Policies.SaveAsync(Admin with { Name = $"Admin {i}" }, new PolicySettings.DevicesPerUser(i + 1), true, seen, null, Token));

            var winner = outcomes[0] is PolicyOutcome.Done ? 0 : 1;
            Assert.Equal(new PolicyOutcome.Done(seen + 1), outcomes[winner]);
            var current = Assert.IsType<PolicyOutcome.ChangedMeanwhile>(outcomes[1 - winner]).Current;
            Assert.Equal(($"Admin {winner}", seen + 1, new PolicySettings.DevicesPerUser(winner + 1)), (current.UpdatedBy, current.Version, current.Settings));
        }
    }

    [Fact]
    public async Task SaveAsync_ThatWouldActOnMany_HoldsOnceTheNumberIsTyped()
    {
        for (var n = 0; n <= PolicyActs.ConfirmedFrom; n++)
            await UnseenAsync(await World.PairAsync(await World.NewPersonAsync()), "90 days");
        var (unseen, many) = (new PolicySettings.Unseen(60, 0, UnseenAct.Quarantine), PolicyActs.ConfirmedFrom + 1);

        Assert.Equal(new PolicyOutcome.NotConfirmed(many), await World.Policies.SaveAsync(Admin, unseen, true, 0, null, Token));
        Assert.Equal(new PolicyOutcome.NotConfirmed(many), await World.Policies.SaveAsync(Admin, unseen, true, 0, many + 1, Token));
        Assert.Equal(0, (await World.PolicyList.FindAsync(Admin, PolicyNames.Unseen, Token))!.Version);
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, unseen, true, 0, many, Token));
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, unseen, false, 1, null, Token)); // off is always possible
        Assert.IsType<PolicyOutcome.Done>(await World.Policies.SaveAsync(Admin, new PolicySettings.AllowedTypes([DeviceType.Desktop]), true, 0, null, Token)); // acts on none
    }

    [Theory]
    [InlineData(AccountRole.User)]
    [InlineData(AccountRole.Support)]
    public async Task Changes_ByOthersThanAdmins_AreNotAllowed(AccountRole role)
    {
        var actor = await World.NewPersonAsync(role);
        var reads = role == AccountRole.Support;

        Assert.IsType<PolicyOutcome.NotAllowed>(await World.Policies.SaveAsync(actor, Ten, true, 0, null, Token));
        Assert.IsType<PolicyOutcome.NotAllowed>(await World.Policies.ExemptAsync(actor, PolicyNames.Unseen, PolicySubject.User, actor.UserId!, "x", null, Token));
        Assert.IsType<PolicyOutcome.NotAllowed>(await World.Policies.EndExemptionAsync(actor, "x", Token));
        Assert.Equal(reads ? 5 : 0, (await World.PolicyList.ListAsync(actor, Token)).Count);
        Assert.Equal(reads, await World.Simulator.SimulateAsync(actor, Ten, null, 10, Token) is not null);
        Assert.Empty(await World.PolicyList.ExemptionsAsync(actor, PolicyNames.Unseen, Token));
    }

    [Fact]
    public async Task SaveAsync_SettingsOutOfRange_AreInvalid()
    {
        PolicySettings[] wrong =
        [
            new PolicySettings.Unseen(0, 1, UnseenAct.Revoke), new PolicySettings.Unseen(1, -1, UnseenAct.Revoke), new PolicySettings.Unseen(1, 1, (UnseenAct)7),
            new PolicySettings.LongestPairing(0, true), new PolicySettings.LongestPairing(3651, true), new PolicySettings.DevicesPerUser(0),
            new PolicySettings.AllowedTypes([]), new PolicySettings.AllowedTypes([(DeviceType)9]), new PolicySettings.AdminScopes([]), new PolicySettings.AdminScopes([(PermissionScope)99]),
        ];
        foreach (var settings in wrong)
            Assert.IsType<PolicyOutcome.Invalid>(await World.Policies.SaveAsync(Admin, settings, true, 0, null, Token));
    }

    [Fact]
    public async Task Exemptions_AddedChangedAndEnded_AreListedAsTheyAre()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        await ExemptAsync(PolicyNames.Unseen, PolicySubject.User, owner.UserId!);
        await ExemptAsync(PolicyNames.Unseen, PolicySubject.Pairing, phone.PairingId);
        await ExemptAsync(PolicyNames.Unseen, PolicySubject.Pairing, phone.PairingId, TimeProvider.System.GetUtcNow().AddYears(50)); // again: changed, not doubled

        var rows = await World.PolicyList.ExemptionsAsync(Admin, PolicyNames.Unseen, Token);

        Assert.Equal([("pairing", "Test phone", owner.Name), ("user", owner.Name!, null)], rows.Select(r => (r.Subject, r.Title, r.Person)).Order());
        Assert.Equal(2, (await World.PolicyList.FindAsync(Admin, PolicyNames.Unseen, Token))!.Exemptions);
        foreach (var row in rows)
            Assert.IsType<PolicyOutcome.Done>(await World.Policies.EndExemptionAsync(Admin, row.Id, Token));
        Assert.IsType<PolicyOutcome.NotFound>(await World.Policies.EndExemptionAsync(Admin, rows[0].Id, Token));
        Assert.Empty(await World.PolicyList.ExemptionsAsync(Admin, PolicyNames.Unseen, Token));
    }

    [Fact]
    public async Task ExemptAsync_WithoutReasonOrSubject_IsRefused()
    {
        var owner = await World.NewPersonAsync();
        (string Policy, string Subject, string? Reason)[] wrong =
            [("nothing", PolicySubject.User, "x"), (PolicyNames.Unseen, "everyone", "x"), (PolicyNames.Unseen, PolicySubject.User, " "), (PolicyNames.Unseen, PolicySubject.User, null), (PolicyNames.Unseen, PolicySubject.User, "a\0b")];
        foreach (var (policy, subject, reason) in wrong)
            Assert.IsType<PolicyOutcome.Invalid>(await World.Policies.ExemptAsync(Admin, policy, subject, owner.UserId!, reason, null, Token));
        Assert.IsType<PolicyOutcome.Invalid>(await World.Policies.ExemptAsync(Admin, PolicyNames.Unseen, PolicySubject.User, owner.UserId!, "x", DateTimeOffset.UnixEpoch, Token));
        Assert.IsType<PolicyOutcome.NotFound>(await World.Policies.ExemptAsync(Admin, PolicyNames.Unseen, PolicySubject.User, "nobody", "x", null, Token));
        Assert.IsType<PolicyOutcome.NotFound>(await World.Policies.ExemptAsync(Admin, PolicyNames.Unseen, PolicySubject.Pairing, owner.UserId!, "x", null, Token));
    }

    [Fact]
    public async Task Changes_AreInTheAuditRecord()
    {
        await SwitchOnAsync(Ten);
        await using var portal = new Npgsql.NpgsqlConnection(Store.PortalConnection);
        await portal.OpenAsync(Token);
        await using var command = new Npgsql.NpgsqlCommand("""SELECT reason FROM portal.audit_events WHERE action = 'policy.switched-on' AND subject = 'devices-per-user' ORDER BY id DESC LIMIT 1""", portal);

        Assert.Equal(Ten.Describe(), await command.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task SimulateAsync_PageByPage_ShowsEveryMatchOnce()
    {
        var owner = await World.NewPersonAsync();
        for (var i = 0; i < 5; i++)
            await UnseenAsync(await World.PairAsync(owner), $"{61 + (i / 2)} days");
        var settings = new PolicySettings.Unseen(60, 14, UnseenAct.Quarantine);

        var first = (await World.Simulator.SimulateAsync(Admin, settings, null, 3, Token))!;
        var second = (await World.Simulator.SimulateAsync(Admin, settings, first.Page.NextCursor, 3, Token))!;

        Assert.Equal(5, first.Page.Rows.Concat(second.Page.Rows).Select(r => r.Id).Distinct().Count());
        Assert.Equal((5, 1, 5, 0), (first.Devices, first.People, first.ToWarn, first.Due));
        Assert.Equal([owner.Name!], first.Sample);
    }
}
