using System.Text.RegularExpressions;
using AdminPortal.Core.Hosts;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Who holds the tables that a migration is going to change: sessions in a transaction, and prepared transactions, which no session list shows.</summary>
internal static partial class MigrationHolders
{
    /// <summary>Says of one lock: who holds it, since when, the statement's first words, and how to end it.</summary>
    internal const string Words =
        """
        CASE WHEN a.pid IS NOT NULL THEN format('%s (%s, process %s), %s since %s UTC, holds %s: “%s”. End it: SELECT pg_terminate_backend(%s);',
                coalesce(nullif(a.application_name, ''), 'unnamed program'), a.usename, a.pid, coalesce(a.state, 'open'), to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
                coalesce(h.relation::regclass::text, 'a lock'), left(regexp_replace(a.query, '\s+', ' ', 'g'), 80), a.pid)
            ELSE format('the prepared transaction %L of %s, since %s UTC, holds %s. End it: ROLLBACK PREPARED %L;',
                p.gid, p.owner, to_char(p.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), coalesce(h.relation::regclass::text, 'a lock'), p.gid) END
        """;

    private const string Query = $"""
        SELECT DISTINCT ON (a.pid, p.gid) n.nspname || '.' || c.relname, a.pid IS NULL, {Words}
        FROM pg_locks h JOIN pg_class c ON c.oid = h.relation JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_stat_activity a ON a.pid = h.pid LEFT JOIN pg_prepared_xacts p ON h.pid IS NULL
            AND EXISTS (SELECT 1 FROM pg_locks x WHERE x.pid IS NULL AND x.locktype = 'transactionid' AND x.transactionid = p.transaction AND x.virtualtransaction = h.virtualtransaction)
        WHERE h.locktype = 'relation' AND h.granted AND h.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND h.pid IS DISTINCT FROM pg_backend_pid() AND (p.gid IS NOT NULL OR a.xact_start < now() - interval '5 seconds')
        ORDER BY a.pid, p.gid, 1
        """;

    /// <summary>Names of tables, as <c>public.users</c>, that the migrations' SQL mentions; the host's table of people too, in whatever schema it is.</summary>
    public static IReadOnlySet<string> TouchedBy(MigrationSet set, IReadOnlyList<MigrationScript> pending)
    {
        var sql = pending.SelectMany(script => script.Up).Select(statement => statement.Sql).ToList();
        var touched = sql.SelectMany(text => Table().Matches(text)).Select(match => match.Value.Replace("\"", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (set.People is { } people && new PeopleSql(people).Table is var table && sql.Exists(text => text.Contains(table, StringComparison.Ordinal)))
        {
            touched.Add(people.Mapping.Title);
        }

        return touched;
    }

    public static async Task<Precheck> CheckAsync(NpgsqlConnection connection, MigrationSet set, IReadOnlyList<MigrationScript> pending, CancellationToken cancellationToken)
    {
        var touched = TouchedBy(set, pending);
        var holders = (await TargetHistory.ListAsync(connection, Query, r => (Table: r.GetString(0), IsPrepared: r.GetBoolean(1), Words: r.GetString(2)), cancellationToken))
            .Where(holder => touched.Contains(holder.Table)).ToList();
        return new(
            "Nobody holds the tables that it changes", holders.Exists(holder => holder.IsPrepared) ? Severity.Error : Severity.Warning, holders.Count == 0,
            holders.Count == 0 ? "nobody" : string.Join(" ", holders.Take(3).Select(holder => holder.Words)),
            "A migration waits for each and gives up after eight tries.", [.. holders.Select(holder => holder.Words).Take(20)]);
    }

    [GeneratedRegex("\\b(public|portal|sync)\\.(\"[^\"]+\"|[a-z_][a-z0-9_]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();
}
