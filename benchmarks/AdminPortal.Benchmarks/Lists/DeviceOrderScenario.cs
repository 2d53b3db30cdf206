using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Benchmarks.Lists;

/// <summary>The list of devices in every order, both ways: its first page, and a place sixty rows before its far end.</summary>
internal sealed class DeviceOrderScenario : IScenario
{
    private static readonly Actor Admin = new("benchmark", "Benchmark", AccountRole.Admin, null, null);

    public string Name => "Device list in every order";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        var list = new DeviceList(world.Databases);
        foreach (var sort in Enum.GetValues<DeviceSort>().Where(sort => sort != DeviceSort.Scopes)) // not for so long a list
        {
            foreach (var down in new[] { false, true })
            {
                var query = new DeviceQuery(null, sort, down);
                var far = query with { Cursor = await FarEndAsync(list, query, cancellationToken) };
                var way = down ? "descending" : "ascending";
                await report.CompareAsync($"{sort}, {way}: first page", () => list.ListAsync(Admin, query, cancellationToken), null);
                await report.CompareAsync($"{sort}, {way}: the far end", () => list.ListAsync(Admin, far, cancellationToken), null);
            }
        }
    }

    /// <summary>The sixtieth row of the list the other way round, as a place in this one.</summary>
    private static async Task<string?> FarEndAsync(DeviceList list, DeviceQuery query, CancellationToken cancellationToken)
    {
        var turned = await list.ListAsync(Admin, query with { Descending = !query.Descending, Limit = 60 }, cancellationToken);
        return ListCursor.Parse(turned.NextCursor) is { } place ? (place with { Descending = query.Descending }).ToString() : null;
    }
}
