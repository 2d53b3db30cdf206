using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Devices;

/// <summary>Everyone's devices. The address holds search, filters, order and place; every control only changes the address.</summary>
public sealed partial class DevicesPage
{
    private static readonly (string Text, DeviceFilter Filter)[] Views =
    [
        ("All", DeviceFilter.None),
        ("Active", new(State: DeviceStanding.Active)),
        ("Quarantined", new(State: DeviceStanding.Quarantined)),
        ("Expiring", new(State: DeviceStanding.Expiring)),
        ("Unseen > 60 days", new(State: DeviceStanding.Active, Seen: new Age(60, Over: true))),
    ];

    private readonly HashSet<string> selected = [];
    private DeviceQuery query = new();
    private IReadOnlyList<string> unreadable = [];
    private IReadOnlyList<DeviceColumn>? columns;

    [Inject] public required DeviceList Devices { get; set; }

    [Inject] public required SyncStatusList Sync { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal PageAddress Address { get; set; } = null!;

    // The values themselves are read from the address; naming them here has the page told when they change.
    [SupplyParameterFromQuery] public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "state")] public string? Status { get; set; }

    [SupplyParameterFromQuery] public string? User { get; set; }

    [SupplyParameterFromQuery] public string? Type { get; set; }

    [SupplyParameterFromQuery] public string? Scope { get; set; }

    [SupplyParameterFromQuery] public string? Seen { get; set; }

    [SupplyParameterFromQuery] public string? Paired { get; set; }

    [SupplyParameterFromQuery] public string? Platform { get; set; }

    [SupplyParameterFromQuery] public string? AppVersion { get; set; }

    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "columns")] public string? ShownColumns { get; set; }

    protected override string ViewKey => string.Join('&', unreadable.Prepend(DeviceListAddress.Of(query)).Append(Columns.Contains(DeviceColumn.Sync) ? "sync" : ""));

    private IReadOnlyList<DeviceColumn> Columns => columns ?? DeviceColumns.Default;

    private bool IsFiltered => query.Filter != DeviceFilter.None;

    /// <summary>Bulk acts are for admins; support reads.</summary>
    private bool MaySelect => Actor?.IsAdmin == true;

    protected override Task OnParametersSetAsync()
    {
        query = DeviceListAddress.Parse(Navigation.Uri, out unreadable);
        columns = DeviceListAddress.ParseColumns(Navigation.Uri);
        return base.OnParametersSetAsync();
    }

    protected override async Task<DevicePage?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        unreadable.Count > 0 ? null : await WithSyncAsync(actor, await Devices.ListAsync(actor, query, cancellationToken), cancellationToken);

    private async Task<DevicePage> WithSyncAsync(Actor actor, DevicePage page, CancellationToken cancellationToken) =>
        !Columns.Contains(DeviceColumn.Sync) || page.Rows.Count == 0 ? page : page with { Rows = await Sync.WithVerdictsAsync(actor, page.Rows, cancellationToken) };

    /// <summary>A filter starts the list at its beginning and does not fill the browser's history.</summary>
    private Task Show(DeviceFilter wanted) => Address.ReplaceAsync(DeviceListAddress.Of(query with { Filter = wanted, Cursor = null }, columns));

    private Task Show(IReadOnlyList<DeviceColumn> wanted) => Address.ReplaceAsync(DeviceListAddress.Of(query, wanted));

    private void Select((IReadOnlyList<DeviceRow> Rows, bool Ticked) change)
    {
        var ids = change.Rows.Select(row => row.Id);
        if (change.Ticked)
        {
            selected.UnionWith(ids);
        }
        else
        {
            selected.ExceptWith(ids);
        }
    }

    private string? Turn(string? cursor) => cursor is null ? null : DeviceListAddress.Of(query with { Cursor = cursor }, columns);

    private static string SortWord(DeviceSort sort) => sort switch
    {
        DeviceSort.LastSeen => "Last seen",
        DeviceSort.Name => "Device",
        DeviceSort.User => "User",
        DeviceSort.Scopes => "Permissions",
        DeviceSort.Type => "Kind",
        DeviceSort.AppVersion => "App version",
        _ => sort.ToString(),
    };

    private MarkupString Header(string text, DeviceSort sort, string? kind) => Inline.SortOf(text, DeviceListAddress.SortedBy(query, sort, columns), query.Sort == sort, query.Descending, kind);
}
