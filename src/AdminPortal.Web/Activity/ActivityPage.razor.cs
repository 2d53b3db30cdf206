using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Activity;

/// <summary>
/// The record of everyone's acts for admins and support, and of one's own for others. The address holds filter and place;
/// every control only changes the address. Live on its first page; further back it stands still, as history does.
/// </summary>
public sealed partial class ActivityPage
{
    private ActivityQuery query = new();
    private IReadOnlyList<string> unreadable = [];

    [Inject] public required ActivityList Activity { get; set; }

    [Inject] public required NavigationManager Navigation { get; set; }

    [Inject] internal PageAddress Address { get; set; } = null!;

    // The values themselves are read from the address; naming them here has the page told when they change.
    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? Who { get; set; }

    [SupplyParameterFromQuery] public string? User { get; set; }

    [SupplyParameterFromQuery] public string? Device { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Outcome { get; set; }

    [SupplyParameterFromQuery] public string? Search { get; set; }

    [SupplyParameterFromQuery] public string? Run { get; set; }

    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    protected override string ViewKey => string.Join('&', unreadable.Prepend(ActivityAddress.Of(query)));

    protected override Task OnParametersSetAsync()
    {
        query = ActivityAddress.Parse(Navigation.Uri, out unreadable);
        return base.OnParametersSetAsync();
    }

    protected override async Task<ActivityLines?> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        unreadable.Count > 0 ? null : await Activity.ListAsync(actor, query, cancellationToken);

    protected override bool Concerns(DeviceChange change) => query.Cursor is null && (Actor?.SeesEveryone == true || change.Concerns(Actor?.UserId));

    [CascadingParameter] public ViewerClock? Clock { get; set; }

    /// <summary>The lines by the reader's days, in the order of the page.</summary>
    private IEnumerable<IGrouping<DateOnly, ActivityRow>> ByDay(ActivityLines page) => page.Rows.GroupBy(row => Reader.DayOf(row.At));

    private ViewerClock Reader => Clock ?? new ViewerClock(Time.GetUtcNow(), TimeZoneInfo.Utc);

    /// <summary>A filter starts the list at its beginning and does not fill the browser's history.</summary>
    private Task Show(ActivityFilter wanted) => Address.ReplaceAsync(ActivityAddress.Of(query with { Filter = wanted, Cursor = null }));
}
