using AdminPortal.Core.Devices;
using AdminPortal.Core.Search;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Search;

/// <summary>A line of the search box, and where it leads.</summary>
/// <param name="Address">A page's; of an act, what it is kept by.</param>
internal sealed record SearchChoice(string Kind, string Icon, string Title, string? Detail, string Address, DeviceStatus? Status = null)
{
    /// <summary>It stands below the person whose device it is.</summary>
    public bool IsPart { get; init; }

    /// <summary>What the browser does instead of going somewhere: a function of <c>portal</c> and its argument.</summary>
    public (string Function, string Argument)? Script { get; init; }

    /// <summary>Acts by name, for everybody.</summary>
    public static IReadOnlyList<SearchChoice> Acts { get; } =
    [
        Act("Dark colours", "dark theme night mode", "setTheme", "dark"),
        Act("Light colours", "light theme day mode", "setTheme", "light"),
        Act("Sign out", "sign out log off logout leave", "signOut", ""),
    ];

    /// <summary>Words by which an act is found.</summary>
    private string Words { get; init; } = "";

    public bool Matches(string typed) => typed.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Words.Split(' ').Any(own => own.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    public static SearchChoice Of(PortalPage page) => new("Pages", page.Icon, page.Title, null, page.Address);

    /// <summary>A person is followed by their devices.</summary>
    public static IEnumerable<SearchChoice> Of(SearchHit hit, SyncWords words) => hit switch
    {
        SearchHit.Device device => [OfDevice("Devices", device, words)],
        SearchHit.User user =>
        [
            new("People", "user", user.Title, user.Detail, $"/users/{Uri.EscapeDataString(user.Id)}"),
            .. user.Devices.Select(device => OfDevice("People", device, words) with { IsPart = true }),
        ],
        _ => [],
    };

    /// <summary>A device with a problem leads to why.</summary>
    private static SearchChoice OfDevice(string kind, SearchHit.Device device, SyncWords words) => new(
        kind, "devices", device.Title, device.Sync is { } sync ? $"{words.ForList(sync)} · {device.Detail}" : device.Detail,
        device.Sync is { } stuck && stuck.Verdict.Group() == SyncGroup.Problems ? $"/sync/{Uri.EscapeDataString(stuck.DeviceId)}" : $"/devices/{Uri.EscapeDataString(device.Id)}", device.Status);

    private static SearchChoice Act(string title, string words, string function, string argument) =>
        new("Actions", "check", title, null, $"{function}:{argument}") { Words = words, Script = (function, argument) };
}
