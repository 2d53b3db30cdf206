using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>The list of devices as an address and back.</summary>
internal static class DeviceListAddress
{
    public static string Of(DeviceQuery query) => QueryText.Address(
        "/devices",
        [
            .. DeviceFilterText.Values(query.Filter),
            ("sort", query is { Sort: DeviceSort.LastSeen, Descending: true } ? null : QueryText.Sort(query.Sort, query.Descending)),
            ("cursor", query.Cursor),
        ]);

    public static DeviceQuery Parse(string address)
    {
        var read = QueryText.Read(address);
        var (sort, descending) = QueryText.ParseSort<DeviceSort>(read("sort")) ?? (DeviceSort.LastSeen, true);
        return new DeviceQuery(DeviceFilterText.Read(read, out _), sort, descending, read("cursor"));
    }

    /// <summary>Sorted by this column: times start with the newest, names with A; a second click turns round.</summary>
    public static string SortedBy(DeviceQuery query, DeviceSort sort) => Of(query with
    {
        Sort = sort,
        Descending = query.Sort == sort ? !query.Descending : sort is DeviceSort.LastSeen or DeviceSort.Paired,
        Cursor = null,
    });
}
