using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>The list of devices as an address and back.</summary>
internal static class DeviceListAddress
{
    /// <param name="columns">Null: the usual ones.</param>
    public static string Of(DeviceQuery query, IReadOnlyList<DeviceColumn>? columns = null) => QueryText.Address(
        "/devices",
        [
            .. DeviceFilterText.Values(query.Filter),
            ("columns", columns is null ? null : DeviceColumns.Text(columns)),
            ("sort", query is { Sort: DeviceSort.LastSeen, Descending: true } ? null : QueryText.Sort(query.Sort, query.Descending)),
            ("cursor", query.Cursor),
        ]);

    /// <summary>The export of what the list shows.</summary>
    public static string Csv(DeviceFilter filter) => QueryText.Address(DeviceExport.Path, DeviceFilterText.Values(filter));

    public static IReadOnlyList<DeviceColumn>? ParseColumns(string address) => DeviceColumns.Parse(QueryText.Read(address)("columns"));

    public static DeviceQuery Parse(string address) => Parse(address, out _);

    /// <param name="unreadable">The parts of the filter that cannot be read and are left out.</param>
    public static DeviceQuery Parse(string address, out IReadOnlyList<string> unreadable)
    {
        var read = QueryText.Read(address);
        var (sort, descending) = QueryText.ParseSort<DeviceSort>(read("sort")) ?? (DeviceSort.LastSeen, true);
        return new DeviceQuery(DeviceFilterText.Read(read, out unreadable), sort, descending, read("cursor"));
    }

    /// <summary>Sorted by this column: times start with the newest, names with A; a second click turns round.</summary>
    public static string SortedBy(DeviceQuery query, DeviceSort sort, IReadOnlyList<DeviceColumn>? columns = null) => Of(
        query with
        {
            Sort = sort,
            Descending = query.Sort == sort ? !query.Descending : sort is DeviceSort.LastSeen or DeviceSort.Paired or DeviceSort.Scopes,
            Cursor = null,
        },
        columns);
}
