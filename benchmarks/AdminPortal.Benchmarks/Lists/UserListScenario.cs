using AdminPortal.Core.Activity;
using AdminPortal.Core.Lists;
using AdminPortal.Core.Users;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Benchmarks.Lists;

/// <summary>The list of users: first pages and far ends of every order, searches and filters.</summary>
internal sealed class UserListScenario : IScenario
{
    private const string Page = """
        SELECT u.id, u.name, u.email, (SELECT count(*) FROM public.device_pairings p WHERE p."userId" = u.id AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc'),
            (SELECT count(*) FROM public.device_pairings p WHERE p."userId" = u.id), u."lastSyncedAt", u."createdAt"
        FROM public.users u
        """;

    private static readonly Actor Admin = new("benchmark", "Benchmark", AccountRole.Admin, null, null);

    public string Name => "User list";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        var list = new UserList(world.Databases);

        Task Ours(UserQuery query) => list.ListAsync(Admin, query, cancellationToken);

        async Task Bare(string where, string order, params object[] values)
        {
            await world.ExecuteAsync($"SELECT count(*) FROM (SELECT 1 FROM public.users u {where} LIMIT 1001) c", cancellationToken, values);
            await world.ExecuteAsync($"{Page} {where} ORDER BY {order} LIMIT 51", cancellationToken, values);
        }

        foreach (var (sort, order) in new (UserSort, string)[]
        {
            (UserSort.Name, "COALESCE(u.name, u.email)"), (UserSort.LastSynced, "COALESCE(u.\"lastSyncedAt\", TIMESTAMP '1970-01-01')"),
            (UserSort.Joined, "u.\"createdAt\""), (UserSort.Id, "u.id"),
        })
        {
            foreach (var down in new[] { false, true })
            {
                var (query, way) = (new UserQuery(null, sort, down), down ? " DESC" : "");
                var turned = await list.ListAsync(Admin, query with { Descending = !down, Limit = 60 }, cancellationToken);
                var far = query with { Cursor = (ListCursor.Parse(turned.NextCursor)! with { Descending = down }).ToString() };
                await report.CompareAsync($"first page by {sort}{way}", () => Ours(query), () => Bare("", $"{order}{way}, u.id{way}"));
                await report.CompareAsync($"the far end by {sort}{way}", () => Ours(far), null);
            }
        }

        foreach (var word in new[] { "okafor", "anna.lim", "sample", "zzzzz" })
        {
            await report.CompareAsync(
                $"search: {word}", () => Ours(new UserQuery(new UserFilter(word))),
                () => Bare("WHERE portal.search_fold(u.email || ' ' || COALESCE(u.name, '')) LIKE '%' || btrim(portal.search_fold($1)) || '%'", "COALESCE(u.name, u.email), u.id", word));
        }

        await report.CompareAsync(
            "search: okafor, by Devices", () => Ours(new UserQuery(new UserFilter("okafor"), UserSort.Devices, Descending: true)),
            () => Bare("WHERE portal.search_fold(u.email || ' ' || COALESCE(u.name, '')) LIKE '%' || btrim(portal.search_fold($1)) || '%'", "4 DESC, u.id DESC", "okafor"));
        foreach (var filter in new[]
        {
            new UserFilter(Devices: UserDevices.Working), new UserFilter(Devices: UserDevices.NoneWorking), new UserFilter(Devices: UserDevices.None),
            new UserFilter(Sync: UserSync.Never), new UserFilter(Sync: UserSync.Lately), new UserFilter("anna", UserDevices.Working, UserSync.LongAgo),
        })
        {
            await report.CompareAsync($"filter: {UserFilterWords.Of(filter)}", () => Ours(new UserQuery(filter)), null, 7);
        }
    }
}
