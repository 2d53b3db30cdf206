using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Finds the tables in which a host seems to have its people already, so that no second, empty one is made beside them.</summary>
internal static class PeopleCandidates
{
    private const string Query = """
        SELECT format('%I.%I (%s)', n.nspname, c.relname, (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <= 4))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'portal', 'sync')
          AND lower(c.relname) ~ '(^|_|app|auth)(users?|people|persons?|accounts?|members?|profiles?|customers?|clients?|patients?)$'
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND lower(replace(a.attname, '_', '')) LIKE '%email%')
          AND NOT (n.nspname = 'public' AND c.relname = 'users')
        ORDER BY c.reltuples DESC, 1
        """;

    /// <summary>Asked while the table users is not there.</summary>
    public static async Task<Precheck> CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = await TargetHistory.ListAsync(connection, Query, r => r.GetString(0), cancellationToken);
        return new("The host has no other table of its people", Severity.Error, found.Count == 0, found.Count == 0 ? "none was found" : string.Join("; ", found.Take(3)),
            "A second, empty table users would be made beside it, and nobody of the host's could pair a device. Take the database over first: the page “Where its people are” of this target, or “portal migrate adopt --look” and “--mapping”.",
            [.. found.Take(20)]);
    }
}
