using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Search;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Benchmarks.Lists;

/// <summary>Words as people type them: in the lists and in the search box. By the portal alone, since by hand nobody writes it.</summary>
internal sealed class SearchScenario : IScenario
{
    private static readonly Actor Admin = new("a", "Admin", AccountRole.Admin, null, null);

    public string Name => "Searches by words";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        var (devices, users, sync) = (new DeviceList(world.Databases), new UserList(world.Databases), new SyncStatusList(world.Databases));
        var search = new PortalSearch(users, devices, new SyncStatusList(world.Databases), new NearWords(world.Databases));
        await world.ExecuteAsync("UPDATE public.users SET name = '山田太郎' WHERE id IN (SELECT id FROM public.users ORDER BY id LIMIT 1)", cancellationToken);
        foreach (var text in new[] { "Frau Okafor tablet", "tablet okafor anna", "anna tablet", "Mária Lim", "li", "山田", "lab 12", "desktop", "sample phone" })
        {
            await report.CompareAsync($"devices: {text}", () => devices.ListAsync(Admin, new DeviceQuery(new DeviceFilter(text)), cancellationToken), null);
        }

        foreach (var text in new[] { "Frau Okafor", "anna lim tablet", "li", "山田", "sample" })
        {
            await report.CompareAsync($"users: {text}", () => users.ListAsync(Admin, new UserQuery(new UserFilter(text)), cancellationToken), null);
        }

        foreach (var text in new[] { "anna lim", "okafor tablet" })
        {
            await report.CompareAsync($"sync status: {text}", () => sync.ListAsync(Admin, new SyncStatusQuery(text), cancellationToken), null);
        }

        foreach (var text in new[] { "okafor tablet", "anna lim", "山田", "worksttion", "okfaor", "zzzzz" })
        {
            await report.CompareAsync($"search box: {text}", () => search.FindAsync(Admin, text, cancellationToken), null);
        }
    }
}
