using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Sync;

/// <summary>The sync list as an address and back.</summary>
internal static class SyncListAddress
{
    private const string All = "all";

    /// <param name="columns">Null: the usual ones.</param>
    public static string Of(SyncStatusQuery query, IReadOnlyList<SyncColumn>? columns = null) => QueryText.Address(
        "/sync",
        [
            .. Values(query),
            ("columns", columns is null ? null : SyncColumns.Text(columns)),
            ("sort", query is { Sort: SyncSort.Severity, Descending: false } ? null : QueryText.Sort(query.Sort, query.Descending)),
            ("cursor", query.Cursor),
        ]);

    /// <summary>The export of what the list shows.</summary>
    public static string Csv(SyncStatusQuery query) => QueryText.Address(SyncExport.Path, Values(query));

    public static SyncStatusQuery Parse(string address) => Parse(address, out _);

    /// <param name="unreadable">The parts of the filter that cannot be read and are left out.</param>
    public static SyncStatusQuery Parse(string address, out IReadOnlyList<string> unreadable)
    {
        var read = QueryText.Read(address);
        var reader = new FilterReader(read);
        unreadable = reader.Unreadable;
        var (sort, descending) = QueryText.ParseSort<SyncSort>(read("sort")) ?? (SyncSort.Severity, false);
        var query = new SyncStatusQuery(read("search"), reader.Value("verdict", QueryText.Parse<SyncVerdict>), read("platform"), read("app"), sort, descending, read("cursor"));
        return query with { Group = read("show") is All ? null : reader.Value("show", QueryText.Parse<SyncGroup>) ?? (IsBare(query) ? SyncGroup.Problems : null) };
    }

    public static IReadOnlyList<SyncColumn>? ParseColumns(string address) => SyncColumns.Parse(QueryText.Read(address)("columns"));

    public static string SortedBy(SyncStatusQuery query, SyncSort sort, IReadOnlyList<SyncColumn>? columns = null) =>
        Of(query with { Sort = sort, Descending = query.Sort == sort ? !query.Descending : sort is SyncSort.LastSeen or SyncSort.LastSynced, Cursor = null }, columns);

    /// <summary>Without a filter the list opens with the problems; with one it shows all that match, unless it says which.</summary>
    private static bool IsBare(SyncStatusQuery query) => query is { Search: null, Verdict: null, Platform: null, AppVersion: null };

    private static (string Name, string? Value)[] Values(SyncStatusQuery query) =>
    [
        ("show", query.Group is { } group ? group == SyncGroup.Problems && IsBare(query) ? null : QueryText.Word(group) : IsBare(query) ? All : null),
        ("search", query.Search),
        ("verdict", query.Verdict is { } verdict ? QueryText.Word(verdict) : null),
        ("platform", query.Platform),
        ("app", query.AppVersion),
    ];
}
