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
        new("/pair", "pair", "Pair a device", null, Policies.SignedIn, "qr code new add phone"),
        new("/my-devices", "phone", "My devices", null, Policies.SignedIn, "own phones tablets end rename"),
        new("/permissions", "clock", "Permissions", null, Policies.SignedIn, "expiring requests extend grant ends soon scopes"),
        new("/activity", "activity", "Activity", null, Policies.SignedIn, "record audit history log who did export"),
        new("/devices", "devices", "Devices", "Everyone", Policies.SeesEveryone, "all pairings revoke list"),
        new("/runs", "runs", "Runs", "Everyone", Policies.SeesEveryone, "background operations bulk progress stop undo"),
        new("/users", "users", "Users", "Everyone", Policies.SeesEveryone, "people persons"),
        new("/alerts", "shield", "Alerts", "Everyone", Policies.SeesEveryone, "not me disowned stolen suspicious"),
        new("/sync", "sync", "Sync status", "Everyone", Policies.SeesEveryone, "offline tasks not syncing"),
        new("/targets", "database", "Targets", "Databases", Policies.SeesEveryone, "migrations deploy deployment checklist report roll back adopt schema release prisma"),
        new("/verification", "database", "Verification", "Databases", Policies.SeesEveryone, "verify schema drift indexes duplicates targets databases sizes health"),
        new("/backups", "database", "Backups", "Databases", Policies.SeesEveryone, "dump restore prove retention download pg_dump"),
        new("/monitoring", "chart", "Monitoring", "Databases", Policies.SeesEveryone, "plots figures growth latency percentiles pool errors sizes metrics"),
        new("/settings/policies", "check", "Policies", "Settings", Policies.SeesEveryone, "settings rules unseen longest limit exemption simulator"),
        new("/settings/sync", "sync", "Minimum app version", Hidden, Policies.SeesEveryone, "settings sync outdated old apps oldest simulator"),
        new("/settings/sync-thresholds", "sync", "Sync thresholds", Hidden, Policies.SeesEveryone, "settings sync stuck stale dormant limits verdict"),
        new("/jobs", "clock", "Jobs", "Settings", Policies.SeesEveryone, "schedule daily run now results"),
        new("/accounts", "accounts", "Accounts", "Administration", Policies.Admin, "sign-in roles passwords invite"),
        new("/service-keys", "lock", "Service keys", "Administration", Policies.Admin, "introspection api token svc"),
        new("/notices", "bell", "Notices", Hidden, Policies.SignedIn, "bell told unread messages"),
        new("/account", "user", "Your account", Hidden, Policies.SignedIn, "password sign out everywhere"),
    ];

    /// <summary>The section of pages that are found by search, and reached from elsewhere than the navigation.</summary>
    public const string Hidden = "";

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

    /// <summary>Those that the navigation shows, by its sections in order; the first has no heading.</summary>
    public static IEnumerable<IGrouping<string?, PortalPage>> InSections(IEnumerable<PortalPage> pages) =>
        pages.Where(p => p.Section != Hidden).GroupBy(p => p.Section);
}
