using System.Net;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What the daily clean-up forgets, on both sides of each age.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncPurgeTests(ApiPortal portal)
{
    [Theory]
    [InlineData("90 days 1 minute", HttpStatusCode.Gone)]
    [InlineData("89 days 23 hours", HttpStatusCode.OK)]
    public async Task Purge_OfADeletion_ExpiresCursorsOnceItIsNinetyDaysOld(string age, HttpStatusCode expected)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (id, version) = await phone.NewTaskAsync();
        var (_, old) = await phone.PullAllAsync();
        await phone.PushedAsync(SyncPhone.Delete(id, version));
        await phone.ExecuteAsync("UPDATE sync.changes SET \"changedAt\" = now() - $2::text::interval WHERE \"userId\" = $1", phone.Person.Id, age);

        await PurgeAsync();

        Assert.Equal(expected, (await phone.PullAsync(old)).Status);
    }

    /// <summary>Even a very late update finds no row and makes none.</summary>
    [Fact]
    public async Task Purge_ThenAnUpdateOfWhatWasDeleted_BringsNothingBack()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (id, version) = await phone.NewTaskAsync();
        await phone.PushedAsync(SyncPhone.Delete(id, version));
        await phone.ExecuteAsync("UPDATE sync.changes SET \"changedAt\" = now() - interval '91 days' WHERE \"userId\" = $1", phone.Person.Id);
        await PurgeAsync();

        await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Back from the dead" }));

        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM public.tasks WHERE \"userId\" = $1", phone.Person.Id));
        Assert.Equal("gone", await phone.ScalarAsync<string>("SELECT problem FROM sync.rejections WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Fact]
    public async Task Purge_OfRequestsAndOperations_KeepsTheYounger()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await phone.NewTaskAsync();
        await phone.NewTaskAsync();
        await phone.ExecuteAsync("UPDATE sync.requests SET at = now() - interval '30 days 1 minute' WHERE id = (SELECT min(id) FROM sync.requests WHERE \"deviceId\" = $1)", phone.DeviceId);
        await phone.ExecuteAsync("UPDATE sync.ops SET at = now() - interval '180 days 1 minute' WHERE \"opId\" = (SELECT min(\"opId\") FROM sync.ops WHERE \"userId\" = $1) AND \"userId\" = $1", phone.Person.Id);

        await PurgeAsync();

        Assert.Equal(2L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.requests WHERE \"deviceId\" = $1", phone.DeviceId));
        Assert.Equal(1L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.ops WHERE \"userId\" = $1", phone.Person.Id));
    }

    private Task<SyncPurged> PurgeAsync() => portal.Portal.Services.GetRequiredService<SyncPurge>().RunAsync(TestContext.Current.CancellationToken);
}
