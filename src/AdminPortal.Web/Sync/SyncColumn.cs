using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Sync;

/// <summary>The columns of the sync list that can be shown or left out; device, verdict and sentence always are there.</summary>
public enum SyncColumn
{
    Since,
    LastSeen,
    App,
    Push,
    Synced,
}

/// <summary>Which columns are shown, as a value of the address.</summary>
internal static class SyncColumns
{
    public static IReadOnlyList<SyncColumn> Default { get; } = [SyncColumn.Since, SyncColumn.LastSeen];

    public static string Label(SyncColumn column) => column switch
    {
        SyncColumn.LastSeen => "Last seen",
        SyncColumn.App => "App",
        SyncColumn.Push => "Push token",
        SyncColumn.Synced => "User synced",
        _ => column.ToString(),
    };

    /// <summary>Null: nothing that can be read, so the usual columns.</summary>
    public static IReadOnlyList<SyncColumn>? Parse(string? text) =>
        text?.Split(',').Select(QueryText.Parse<SyncColumn>).OfType<SyncColumn>().Distinct().Order().ToList() is { Count: > 0 } columns ? columns : null;

    /// <summary>Null: the usual ones, which an address need not name.</summary>
    public static string? Text(IReadOnlyList<SyncColumn> columns) =>
        columns.Order().SequenceEqual(Default) ? null : string.Join(',', columns.Order().Select(QueryText.Word));
}
