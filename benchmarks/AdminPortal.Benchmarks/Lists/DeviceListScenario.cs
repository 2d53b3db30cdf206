using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Lists;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Benchmarks.Lists;

/// <summary>The list of devices: first pages, the far end, searches and filters.</summary>
internal sealed class DeviceListScenario : IScenario
{
    private const string Page = """
        SELECT p.id, p."deviceId", p."deviceType", p."deviceName", p."userId", u.name, u.email, s."pairingId", p."isActive", p."lastSeenAt", p."createdAt", p."expiresAt",
            (SELECT count(*) FROM public.device_permissions g WHERE g."devicePairingId" = p.id AND (g."expiresAt" IS NULL OR g."expiresAt" > now() AT TIME ZONE 'utc'))
        FROM public.device_pairings p JOIN public.users u ON u.id = p."userId" LEFT JOIN portal.device_state s ON s."pairingId" = p.id
        """;

    private const string CountAll = "SELECT count(*) FROM (SELECT 1 FROM public.device_pairings LIMIT 1001) c";
    private const string Found = """
        (SELECT id FROM public.device_pairings p WHERE portal.search_fold("deviceId" || ' ' || COALESCE("deviceName", '') || ' ' || COALESCE("ipAddress", '')) LIKE '%' || btrim(portal.search_fold($1)) || '%'
         UNION SELECT p.id FROM public.users u JOIN public.device_pairings p ON p."userId" = u.id WHERE portal.search_fold(email || ' ' || COALESCE(name, '')) LIKE '%' || btrim(portal.search_fold($1)) || '%')
        """;

    /// <summary>Better than <see cref="Found"/> for words that are met soon, and much worse for all others.</summary>
    private const string Met = """
        WHERE (portal.search_fold("deviceId" || ' ' || COALESCE("deviceName", '') || ' ' || COALESCE("ipAddress", '')) LIKE '%' || btrim(portal.search_fold($1)) || '%' OR portal.search_fold(u.email || ' ' || COALESCE(u.name, '')) LIKE '%' || btrim(portal.search_fold($1)) || '%')
        """;

    private static readonly Actor Admin = new("benchmark", "Benchmark", AccountRole.Admin, null, null);

    public string Name => "Device list";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        var list = new DeviceList(world.Databases);

        Task Ours(DeviceQuery query) => list.ListAsync(Admin, query, cancellationToken);

        async Task Bare(string where, string order, string? count, params object[] values)
        {
            await world.ExecuteAsync(count ?? $"""SELECT count(*) FROM (SELECT 1 FROM public.device_pairings p JOIN public.users u ON u.id = p."userId" {where} LIMIT 1001) c""", cancellationToken, values);
            await world.ExecuteAsync($"{Page} {where} ORDER BY {order} LIMIT 51", cancellationToken, values);
        }

        foreach (var (sort, down, order) in new[]
        {
            (DeviceSort.LastSeen, true, "p.\"lastSeenAt\" DESC, p.id DESC"), (DeviceSort.Paired, true, "p.\"createdAt\" DESC, p.id DESC"),
            (DeviceSort.Expires, false, "p.\"expiresAt\", p.id"), (DeviceSort.Name, false, "COALESCE(p.\"deviceName\", ''), p.id"),
            (DeviceSort.User, false, "COALESCE(u.name, u.email), p.id"),
        })
        {
            await report.CompareAsync($"first page by {sort}", () => Ours(new DeviceQuery(null, sort, down)), () => Bare("", order, CountAll));
        }

        var (at, id) = await world.RowAsync<DateTime, string>("""SELECT "lastSeenAt", id FROM public.device_pairings ORDER BY 1, 2 OFFSET 60 LIMIT 1""", cancellationToken);
        var far = new ListCursor("lastSeen", true, at.Ticks.ToString(CultureInfo.InvariantCulture), id, false).ToString();
        await report.CompareAsync(
            "the far end by LastSeen", () => Ours(new DeviceQuery(null, Cursor: far)),
            () => Bare("WHERE (p.\"lastSeenAt\", p.id) < ($1, $2)", "p.\"lastSeenAt\" DESC, p.id DESC", CountAll + " WHERE $1::timestamp IS NOT NULL AND $2::text IS NOT NULL", at, id));
        var (person, last) = await world.RowAsync<string, string>(
            """SELECT COALESCE(u.name, u.email), p.id FROM public.device_pairings p JOIN public.users u ON u.id = p."userId" ORDER BY 1 DESC, 2 DESC OFFSET 60 LIMIT 1""", cancellationToken);
        await report.CompareAsync(
            "the far end by User", () => Ours(new DeviceQuery(null, DeviceSort.User, false, new ListCursor("user", false, person, last, false).ToString())),
            () => Bare("WHERE COALESCE(u.name, u.email) >= $1 AND (COALESCE(u.name, u.email), p.id) > ($1, $2)", "COALESCE(u.name, u.email), p.id", CountAll + " WHERE $1::text || $2 <> ''", person, last));

        var (rareId, email) = await world.RowAsync<string, string>(
            """SELECT p."deviceId", u.email FROM public.device_pairings p JOIN public.users u ON u.id = p."userId" ORDER BY p.id OFFSET 500000 LIMIT 1""", cancellationToken);
        foreach (var (what, word) in new[]
        {
            ("a part of a deviceId", rareId[9..18]), ("an e-mail address", email), ("a full name (450 devices)", "anna lim"), ("nothing (zzzzz)", "zzzzz"),
            ("an address (10.20.3.4)", "10.20.3.4"), ("a common word (ward)", "ward"), ("everyone (sample)", "sample"), ("one letter (e)", "e"),
        })
        {
            await report.CompareAsync(
                $"search: {what}", () => Ours(new DeviceQuery(new DeviceFilter(word))),
                () => Bare(word is "sample" or "e" or "ward" ? Met : $"WHERE p.id IN {Found}", "p.\"lastSeenAt\" DESC, p.id DESC", null, word));
        }

        await report.CompareAsync("search: a common word (ward), by Name", () => Ours(new DeviceQuery(new DeviceFilter("ward"), DeviceSort.Name, false)), null, 7);
        await report.CompareAsync(
            "a full name (450 devices), by Scopes", () => Ours(new DeviceQuery(new DeviceFilter("anna lim"), DeviceSort.Scopes)),
            () => Bare($"WHERE p.id IN {Found}", "13 DESC, p.id DESC", null, "anna lim"));
        foreach (var (what, filter) in new[]
        {
            ("active", new DeviceFilter(State: DeviceStanding.Active)), ("expiring", new DeviceFilter(State: DeviceStanding.Expiring)),
            ("expired", new DeviceFilter(State: DeviceStanding.Expired)), ("quarantined", new DeviceFilter(State: DeviceStanding.Quarantined)),
            ("ended", new DeviceFilter(State: DeviceStanding.Revoked)), ("tablets", new DeviceFilter(Type: Data.Devices.DeviceType.Tablet)),
            ("full access", new DeviceFilter(Scope: PermissionScope.FullAccess)), ("write notes", new DeviceFilter(Scope: PermissionScope.WriteNotes)),
            ("not seen for 60 days", new DeviceFilter(Seen: new Age(60, true))), ("paired in the last 7 days", new DeviceFilter(Paired: new Age(7, false))),
            ("platform linux", new DeviceFilter(Platform: "linux")), ("app version 1.9", new DeviceFilter(AppVersion: "1.9")), ("app version 7 (none)", new DeviceFilter(AppVersion: "7")),
            ("active, unseen for 60 days, write notes", new DeviceFilter(State: DeviceStanding.Active, Seen: new Age(60, true), Scope: PermissionScope.WriteNotes)),
        })
        {
            await report.CompareAsync($"filter: {what}", () => Ours(new DeviceQuery(filter)), null, 7);
        }
    }
}
