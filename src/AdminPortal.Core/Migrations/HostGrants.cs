using System.Text.RegularExpressions;
using AdminPortal.Core.Hosts;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// What the host's roles may do on a table that a migration makes beside theirs: the same as on its table of people. Given once, with the
/// table, so that what the host changes later stays. Never <c>PUBLIC</c>.
/// </summary>
internal static partial class HostGrants
{
    private static readonly string[] OfTheHost = ["users", "tasks", "focus_sessions"];

    private const string Roles =
        """
        SELECT a.grantee::regrole::text AS role, string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type) AS rights
        FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
        WHERE c.oid = to_regclass({1}) AND a.grantee <> 0 AND a.grantee::regrole::text <> current_user::text AND a.grantee <> coalesce(to_regrole({0}), 0)
        GROUP BY 1
        """;

    /// <summary>For the end of the migration's transaction; empty: it makes no table beside the host's.</summary>
    public static string Sql(MigrationScript script, MigrationSet set, string? runtimeRole) => string.Concat(Tables(script).Select(table => $$"""

        DO $host$ DECLARE host record; BEGIN
            FOR host IN {{Query(set, runtimeRole)}} LOOP EXECUTE format('GRANT %s ON public.{{table}} TO %s', host.rights, host.role); END LOOP;
        END $host$;
        """));

    /// <summary>The same as statements, for a preview.</summary>
    public static async Task<IReadOnlyList<string>> StatementsAsync(
        NpgsqlConnection connection, MigrationSet set, IEnumerable<MigrationScript> pending, string? runtimeRole, CancellationToken cancellationToken)
    {
        var tables = pending.SelectMany(Tables).ToList();
        var roles = tables.Count == 0 ? [] : await TargetHistory.ListAsync(connection, Query(set, runtimeRole), r => (Role: r.GetString(0), Rights: r.GetString(1)), cancellationToken);
        return [.. tables.SelectMany(table => roles.Select(host => $"GRANT {host.Rights} ON public.{table} TO {host.Role}"))];
    }

    private static IEnumerable<string> Tables(MigrationScript script) =>
        script.Up.SelectMany(statement => Created().Matches(statement.Sql)).Select(match => match.Groups["table"].Value).Except(OfTheHost);

    private static string Query(MigrationSet set, string? runtimeRole) =>
        Roles.Replace("{0}", runtimeRole is null ? "NULL" : Backups.TargetServer.Literal(Backups.TargetServer.Quote(runtimeRole)), StringComparison.Ordinal)
            .Replace("{1}", Backups.TargetServer.Literal(set.People is { } people ? new PeopleSql(people).Table : "public.users"), StringComparison.Ordinal);

    [GeneratedRegex(@"CREATE TABLE public\.(?<table>[a-z_]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Created();
}
