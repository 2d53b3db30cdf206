using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Sync;

/// <param name="Counts">By the same filters but the verdict's.</param>
/// <param name="SetBackAt">When it was noticed that something else than the portal set the database back; null: it was not.</param>
public sealed record SyncStatusView(ListPage<SyncStanding> Page, IReadOnlyDictionary<SyncVerdict, Tally> Counts, DateTimeOffset? SetBackAt)
{
    /// <summary>One number below the list and in the bar above it.</summary>
    public Tally Matching(SyncStatusQuery query) => !Page.Matching.IsAbout ? Page.Matching
        : query.Verdict is { } verdict ? Counts.GetValueOrDefault(verdict) ?? Page.Matching
        : Counts.Where(count => !count.Key.IsMark() && (query.Group is null || count.Key.Group() == query.Group)).Aggregate(new Tally(0), (sum, count) => sum + count.Value);
}

/// <summary>How the sync of everyone's devices stands. The address holds the view.</summary>
public sealed partial class SyncStatusPage
{
    private static readonly string[] Platforms = ["ios", "android", "web", "macos", "windows"];
    private SyncStatusQuery query = new();
    private IReadOnlyList<string> unreadable = [];
    private IReadOnlyList<SyncColumn>? columns;

    [Inject] public required SyncStatusList Devices { get; set; }

    [Inject] public required SyncLineage Lineage { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal PageAddress Address { get; set; } = null!;

    [SupplyParameterFromQuery] public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "show")] public string? Group { get; set; }

    [SupplyParameterFromQuery] public string? Verdict { get; set; }

    [SupplyParameterFromQuery(Name = "columns")] public string? ShownColumns { get; set; }

    [SupplyParameterFromQuery] public string? Platform { get; set; }

    [SupplyParameterFromQuery] public string? App { get; set; }

    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    protected override string ViewKey => string.Join('&', unreadable.Prepend(SyncListAddress.Of(query)));

    private IReadOnlyList<SyncColumn> Columns => columns ?? SyncColumns.Default;

    private bool IsFiltered => query is not { Search: null, Verdict: null, Platform: null, AppVersion: null };

    protected override Task OnParametersSetAsync()
    {
        query = SyncListAddress.Parse(Navigation.Uri, out unreadable);
        columns = SyncListAddress.ParseColumns(Navigation.Uri);
        return base.OnParametersSetAsync();
    }

    protected override async Task<SyncStatusView?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        unreadable.Count > 0 ? null : new SyncStatusView(await Devices.ListAsync(actor, query, cancellationToken), await Devices.CountAsync(actor, query, cancellationToken), await Lineage.SetBackAtAsync(cancellationToken));

    private Task Show(SyncStatusQuery wanted) => Address.ReplaceAsync(SyncListAddress.Of(wanted with { Cursor = null }, columns));

    private Task ShowColumns(IReadOnlyList<SyncColumn> wanted) => Address.ReplaceAsync(SyncListAddress.Of(query, wanted));

    private static bool IsEmpty(SyncStatusView view) => view.Counts.Count == 0;

    private string? Turn(string? cursor) => cursor is null ? null : SyncListAddress.Of(query with { Cursor = cursor }, columns);

    private MarkupString Header(string text, SyncSort sort, string? kind) => Inline.SortOf(text, SyncListAddress.SortedBy(query, sort, columns), query.Sort == sort, query.Descending, kind);
}
