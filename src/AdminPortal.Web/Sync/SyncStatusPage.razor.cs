using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Sync;

/// <param name="Counts">By the same filters but the verdict's.</param>
public sealed record SyncStatusView(ListPage<SyncStanding> Page, IReadOnlyDictionary<SyncVerdict, Tally> Counts);

/// <summary>How the sync of everyone's devices stands. The address holds the view.</summary>
public sealed partial class SyncStatusPage
{
    private static readonly string[] Platforms = ["ios", "android", "web", "macos", "windows"];
    private SyncStatusQuery query = new();

    [Inject] public required SyncStatusList Devices { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal PageAddress Address { get; set; } = null!;

    [SupplyParameterFromQuery] public string? Search { get; set; }

    [SupplyParameterFromQuery] public string? Verdict { get; set; }

    [SupplyParameterFromQuery] public string? Platform { get; set; }

    [SupplyParameterFromQuery] public string? App { get; set; }

    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    protected override string ViewKey => SyncListAddress.Of(query);

    private bool IsFiltered => query is not { Search: null, Verdict: null, Platform: null, AppVersion: null };

    protected override Task OnParametersSetAsync()
    {
        query = SyncListAddress.Parse(Navigation.Uri);
        return base.OnParametersSetAsync();
    }

    protected override async Task<SyncStatusView?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        new(await Devices.ListAsync(actor, query, cancellationToken), await Devices.CountAsync(actor, query, cancellationToken));

    private Task Show(SyncStatusQuery wanted) => Address.ReplaceAsync(SyncListAddress.Of(wanted with { Cursor = null }));

    private string? Turn(string? cursor) => cursor is null ? null : SyncListAddress.Of(query with { Cursor = cursor });

    private MarkupString Header(string text, SyncSort sort) => Inline.SortOf(text, SyncListAddress.SortedBy(query, sort), query.Sort == sort, query.Descending);
}
