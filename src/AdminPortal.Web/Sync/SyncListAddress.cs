using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Sync;

/// <summary>The sync list as an address and back.</summary>
internal static class SyncListAddress
{
    public static string Of(SyncStatusQuery query) => QueryText.Address(
        "/sync",
        ("search", query.Search),
        ("verdict", query.Verdict is { } verdict ? QueryText.Word(verdict) : null),
        ("platform", query.Platform),
        ("app", query.AppVersion),
        ("sort", query is { Sort: SyncSort.LastSeen, Descending: true } ? null : QueryText.Sort(query.Sort, query.Descending)),
        ("cursor", query.Cursor));

    public static SyncStatusQuery Parse(string address)
    {
        var read = QueryText.Read(address);
        var (sort, descending) = QueryText.ParseSort<SyncSort>(read("sort")) ?? (SyncSort.LastSeen, true);
        return new SyncStatusQuery(read("search"), QueryText.Parse<SyncVerdict>(read("verdict")), read("platform"), read("app"), sort, descending, read("cursor"));
    }

    public static string SortedBy(SyncStatusQuery query, SyncSort sort) =>
        Of(query with { Sort = sort, Descending = query.Sort == sort ? !query.Descending : sort == SyncSort.LastSeen, Cursor = null });
}
