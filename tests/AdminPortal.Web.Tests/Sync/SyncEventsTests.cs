using System.Globalization;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Tests.Devices;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A device that listens hears that there is something to pull.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncEventsTests(ApiPortal portal)
{
    [Fact]
    public async Task Events_AnotherDevicePushes_AreChangedWithTheHeadAndNotOnceForEach()
    {
        var (phone, tablet) = await NewPairAsync();
        await using var stream = await ListenAsync(tablet);
        var heard = 0;

        for (var i = 0; i < 5; i++)
            await phone.NewTaskAsync($"Task {i}");
        var head = await HeadAsync(phone);
        do
            Assert.Equal("changed", await stream.NextAsync());
        while (++heard < 5 && stream.Id != head);

        Assert.Equal((head, $$"""{"type":"changed","head":{{head}}}"""), (stream.Id, stream.Data));
        Assert.InRange(heard, 1, 3);
        Assert.True(await stream.IsSilentAsync(TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public async Task Events_OfWhatTheDeviceDidItself_AreNone()
    {
        var (phone, tablet) = await NewPairAsync();
        await using var stream = await ListenAsync(phone);
        var (id, version) = await phone.NewTaskAsync();
        await phone.PushedAsync(SyncPhone.Delete(id, version));
        Assert.True(await stream.IsSilentAsync(TimeSpan.FromSeconds(1.5)));

        await tablet.NewTaskAsync();

        Assert.Equal("changed", await stream.NextAsync());
        Assert.Equal(await HeadAsync(phone), stream.Id);
    }

    [Fact]
    public async Task Events_HostWritesOrEmptiesATable_AreChanged()
    {
        await using var own = new ApiPortal(portal.Cluster);
        await own.InitializeAsync();
        var phone = await SyncPhone.PairAsync(own, await own.NewPersonAsync());
        await phone.NewTaskAsync();
        await using var stream = await ListenAsync(phone);

        await phone.ExecuteAsync("UPDATE public.tasks SET title = 'The host''s' WHERE \"userId\" = $1", phone.Person.Id);
        Assert.Equal("changed", await stream.NextAsync());
        Assert.Equal("2", stream.Id);
        Assert.DoesNotContain((await phone.PullAllAsync()).Changes, c => c.GetProperty("version").GetInt64() > 2);
        await using (var owner = await own.OpenOwnerAsync())
            await owner.ExecuteAsync("TRUNCATE public.tasks CASCADE");

        Assert.Equal("changed", await stream.NextAsync());
    }

    [Fact]
    public async Task Events_ResumedWithAnOlderHead_AreChangedAtOnce()
    {
        var (phone, tablet) = await NewPairAsync();
        await phone.NewTaskAsync("First");
        string? seen;
        await using (var before = await ListenAsync(tablet))
            seen = before.Id;
        await phone.NewTaskAsync("While the tablet was away");

        await using var stream = await ListenAsync(tablet, seen);
        Assert.Equal("changed", await stream.NextAsync());
        Assert.Equal(await HeadAsync(phone), stream.Id);
        await using var current = await ListenAsync(await SyncPhone.PairAsync(portal, phone.Person), stream.Id);
        Assert.True(await current.IsSilentAsync(TimeSpan.FromSeconds(1.5)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-1")]
    [InlineData("999999999999999999999")]
    public async Task Events_ResumedWithNoVersion_BeginNow(string lastId)
    {
        var (phone, tablet) = await NewPairAsync();
        await phone.NewTaskAsync();

        await using var stream = await ListenAsync(tablet, lastId);

        Assert.Equal(await HeadAsync(phone), stream.Id);
    }

    [Fact]
    public async Task Events_OnAnotherInstance_AreHeardToo()
    {
        var target = portal.Portal.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Targets["main"];
        await using var other = await RunningPortal.StartAsync(
            portal.Cluster, TestContext.Current.CancellationToken, kestrel: true, settings: new()
            {
                ["Portal:Targets:main:ConnectionString"] = target.ConnectionString,
                ["Portal:Targets:main:OwnerConnectionString"] = target.OwnerConnectionString,
            });
        var (phone, tablet) = await NewPairAsync();
        await using var stream = await ListenAsync(tablet, portal: other);

        await phone.NewTaskAsync();

        Assert.Equal("changed", await stream.NextAsync());
        Assert.Equal(await HeadAsync(phone), stream.Id);
    }

    private static async Task<EventStream> ListenAsync(SyncPhone phone, string? lastId = null, RunningPortal? portal = null)
    {
        var stream = await EventStream.OpenAsync((portal ?? phone.Portal.Portal).Address, phone.Api.Bearer!, lastId);
        Assert.Equal("connected", await stream.NextAsync());
        return stream;
    }

    private async Task<(SyncPhone Phone, SyncPhone Tablet)> NewPairAsync()
    {
        var person = await portal.NewPersonAsync();
        return (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
    }

    private static async Task<string> HeadAsync(SyncPhone phone) =>
        (await phone.ScalarAsync<long>("SELECT version FROM sync.heads WHERE \"userId\" = $1", phone.Person.Id)).ToString(CultureInfo.InvariantCulture);
}
