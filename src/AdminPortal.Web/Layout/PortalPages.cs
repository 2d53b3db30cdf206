using System.Security.Claims;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authorization;

namespace AdminPortal.Web.Layout;

/// <summary>The pages that people go to from anywhere: what the navigation shows and the search box finds.</summary>
internal static class PortalPages
{
    public static IReadOnlyList<PortalPage> All { get; } =
    [
        new("/", "overview", "Overview", null, Policies.SignedIn, "start home numbers"),
        new("/devices", "devices", "Devices", null, Policies.SeesEveryone, "all pairings revoke list"),
        new("/users", "users", "Users", null, Policies.SeesEveryone, "people persons"),
        new("/activity", "activity", "Activity", null, Policies.SignedIn, "record audit history log who did export"),
        new("/my-devices", "phone", "My devices", Own, Policies.SignedIn, "own phones tablets revoke end rename"),
        new("/pair", "pair", "Pair a device", Own, Policies.SignedIn, "qr code new add phone"),
        new("/permissions", "ticket", "Permissions", Own, Policies.SignedIn, "expiring requests extend grant ends soon scopes"),
        new("/sync", "sync", "Sync status", "Support", Policies.SeesEveryone, "offline tasks not syncing"),
        new("/alerts", "shield", "Alerts", "Support", Policies.SeesEveryone, "not me disowned stolen suspicious"),
        new("/runs", "runs", "Runs", "Support", Policies.SeesEveryone, "background operations bulk progress stop undo"),
        new("/targets", "database", "Targets", "Databases", Policies.SeesEveryone, "release migrations deploy deployment checklist report roll back adopt schema prisma"),
        new("/backups", "archive", "Backups", "Databases", Policies.SeesEveryone, "dump restore prove retention download pg_dump"),
        new("/verification", "verify", "Verification", "Databases", Policies.SeesEveryone, "verify schema drift indexes duplicates targets databases sizes health"),
        new("/monitoring", "chart", "Monitoring", "Databases", Policies.SeesEveryone, "plots figures growth latency percentiles pool errors sizes metrics"),
        new("/settings", "sliders", "Settings", "Settings", Policies.SeesEveryone, "settings rules configure options"),
        new("/settings/policies", "sliders", "Policies", Hidden, Policies.SeesEveryone, "settings rules unseen longest limit exemption simulator"),
        new("/settings/sync", "sync", "Minimum app version", Hidden, Policies.SeesEveryone, "settings sync outdated old apps oldest simulator"),
        new("/settings/sync-thresholds", "sync", "Sync thresholds", Hidden, Policies.SeesEveryone, "settings sync stuck stale dormant limits verdict"),
        new("/settings/notices", "mail", "Notices to operators", Hidden, Policies.SeesEveryone, "settings mail smtp webhook failed queue test told"),
        new("/jobs", "calendar", "Jobs", "Settings", Policies.SeesEveryone, "schedule daily run now results"),
        new("/accounts", "accounts", "Accounts", "Settings", Policies.Admin, "sign-in roles passwords invite"),
        new("/mail", "mail", "Mail", Hidden, Policies.Admin, "smtp e-mail queue failed test send again"),
        new("/service-keys", "key", "Service keys", "Settings", Policies.Admin, "introspection api token svc"),
        new("/notices", "bell", "Notices", Hidden, Policies.SignedIn, "bell told unread messages"),
        new("/account", "user", "Your account", Hidden, Policies.SignedIn, "password sign out everywhere"),
    ];

    /// <summary>The section of pages that are found by search, and reached from elsewhere than the navigation.</summary>
    public const string Hidden = "";

    private const string Own = "My devices";

    /// <summary>As many entries are in view at once.</summary>
    public const int Most = 8;

    private static readonly string[] ForStaff = ["/", "/devices", "/users", "/sync"];
    private static readonly string[] ForUsers = ["/", "/my-devices", "/pair", "/permissions"];

    /// <summary>The pages that this person may open.</summary>
    public static async Task<IReadOnlyList<PortalPage>> OpenToAsync(ClaimsPrincipal person, IAuthorizationService authorization)
    {
        var policies = new HashSet<string>();
        foreach (var policy in All.Select(page => page.Policy).Distinct())
        {
            if ((await authorization.AuthorizeAsync(person, policy)).Succeeded)
            {
                policies.Add(policy);
            }
        }

        return [.. All.Where(page => policies.Contains(page.Policy))];
    }

    /// <summary>Those that the navigation shows, by its groups in order; the first has no heading and is not folded. So few that they all fit are one group.</summary>
    public static IReadOnlyList<IGrouping<string?, PortalPage>> InGroups(IEnumerable<PortalPage> pages)
    {
        List<PortalPage> shown = [.. pages.Where(p => p.Section != Hidden)];
        return [.. shown.GroupBy(p => shown.Count <= Most ? null : p.Section)];
    }

    /// <summary>The four that stand at the bottom of a phone's screen.</summary>
    public static IReadOnlyList<PortalPage> Quick(IReadOnlyList<PortalPage> pages) =>
        [.. (pages.Any(p => p.Address == "/devices") ? ForStaff : ForUsers).Select(address => pages.First(p => p.Address == address))];
}
