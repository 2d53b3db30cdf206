using AdminPortal.Core.Devices;
using AdminPortal.Core.Search;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Search;

/// <summary>A line of the search box, and where it leads.</summary>
internal sealed record SearchChoice(string Kind, string Icon, string Title, string? Detail, string Address, DeviceStatus? Status = null)
{
    public static SearchChoice Of(PortalPage page) => new("Pages", page.Icon, page.Title, null, page.Address);

    public static SearchChoice Of(SearchHit hit) => hit is SearchHit.Device device
        ? new SearchChoice("Devices", "devices", hit.Title, hit.Detail, $"/devices/{Uri.EscapeDataString(hit.Id)}", device.Status)
        : new SearchChoice("People", "user", hit.Title, hit.Detail, $"/users/{Uri.EscapeDataString(hit.Id)}");
}
