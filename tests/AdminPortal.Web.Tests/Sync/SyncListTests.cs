using AdminPortal.Core.Sync;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What support sees of many devices, and of one: the numbers, the order, the reasons and the steps.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncListTests(ApiPortal portal)
{
    [Fact]
    public async Task Threshold_ThatAnAdminChanged_Holds()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"clockSkewSeconds\" = 400 WHERE \"deviceId\" = $1", phone.DeviceId);
        await using var owner = await portal.OpenAsync();
        try
        {
            await owner.ExecuteAsync("""UPDATE sync.meta SET thresholds = '{"clockMinutes": 7, "staleDays": -1, "failures": "x"}'""");
            Assert.False((await phone.StandingAsync()).Is(SyncVerdict.ClockWrong));
        }
        finally
        {
            await owner.ExecuteAsync("UPDATE sync.meta SET thresholds = '{}'");
        }

        Assert.True((await phone.StandingAsync()).Is(SyncVerdict.ClockWrong));
    }

    [Fact]
    public async Task Counts_OfEveryVerdict_AreThoseOfTheListFilteredByIt()
    {
        var person = await portal.NewPersonAsync();
        await SyncPhone.PairAsync(portal, person);
        await (await SyncPhone.PairAsync(portal, person)).InStepAsync();
        await (await SyncPhone.PairAsync(portal, person)).InStepAsync();
        var list = portal.Portal.Services.GetRequiredService<SyncStatusList>();
        var query = new SyncStatusQuery(Search: $"{person.Id}@example.org");

        var counts = await list.CountAsync(SyncPhone.Support, query, TestContext.Current.CancellationToken);

        Assert.Equal(3, counts.Where(c => !c.Key.IsMark()).Sum(c => c.Value.Number));
        foreach (var verdict in Enum.GetValues<SyncVerdict>())
            Assert.Equal(counts.GetValueOrDefault(verdict)?.Number ?? 0, (await list.ListAsync(SyncPhone.Support, query with { Verdict = verdict }, TestContext.Current.CancellationToken)).Rows.Count);
    }

    [Fact]
    public async Task List_OfProblems_HasTheWorstFirst_AndNoOthers()
    {
        var person = await portal.NewPersonAsync();
        var (fine, rejected, refused) = (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
        foreach (var phone in (SyncPhone[])[fine, rejected, refused])
            await phone.InStepAsync();
        await rejected.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), ""));
        await refused.ExecuteAsync("UPDATE sync.device_state SET \"consecutiveRefusals\" = 9 WHERE \"deviceId\" = $1", refused.DeviceId);
        var list = portal.Portal.Services.GetRequiredService<SyncStatusList>();
        var query = new SyncStatusQuery(Search: $"{person.Id}@example.org", Sort: SyncSort.Severity, Descending: false, Group: SyncGroup.Problems, Limit: 1);

        var first = await list.ListAsync(SyncPhone.Support, query, TestContext.Current.CancellationToken);
        var second = await list.ListAsync(SyncPhone.Support, query with { Cursor = first.NextCursor }, TestContext.Current.CancellationToken);

        Assert.Equal([refused.DeviceId, rejected.DeviceId], first.Rows.Concat(second.Rows).Select(row => row.DeviceId));
        Assert.Null(second.NextCursor);
        Assert.NotNull(second.Rows[0].Since);
    }

    /// <summary>What is wrong, since when and why, and what to do about it, without the words of the API.</summary>
    [Fact]
    public async Task Detail_OfAPhoneThatIsRefused_SaysWhyAndWhatToDo()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await phone.InStepAsync();
        await phone.ExecuteAsync("UPDATE sync.device_state SET \"consecutiveRefusals\" = 9, \"lastProblem\" = 'device-not-yours' WHERE \"deviceId\" = $1", phone.DeviceId);

        var detail = (await portal.Portal.Services.GetRequiredService<SyncDetails>().FindAsync(SyncPhone.Support, phone.DeviceId, TestContext.Current.CancellationToken))!;

        Assert.Equal("The server refuses its sign-in: it is registered for another person.", SyncAdvice.Why(detail));
        Assert.Equal([SyncRemedy.Reply, SyncRemedy.Device], SyncAdvice.Steps(detail).Select(step => step.Remedy));
        Assert.True(detail.Contacts.Sum(hour => hour.Requests) >= 2);
        Assert.Equal(0, detail.Contacts.Sum(hour => hour.Refused));
    }
}
