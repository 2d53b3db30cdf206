using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>A row that shares its clientId with others. Times in UTC.</summary>
/// <param name="Label">Enough to tell rows apart: a state or a start; no text that a person wrote.</param>
public sealed record DuplicateRow(string Id, string UserId, string Label, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>Rows of one table with one clientId, the newest change first.</summary>
public sealed record DuplicateGroup(string Table, string ClientId, IReadOnlyList<DuplicateRow> Rows);

/// <summary>The first groups, and how many there are in all.</summary>
public sealed record DuplicateList(long Total, IReadOnlyList<DuplicateGroup> Groups);

/// <summary>What came of deciding which row keeps a clientId.</summary>
public abstract record ResolveDuplicateOutcome
{
    private ResolveDuplicateOutcome()
    {
    }

    /// <param name="Cleared">Rows that have no clientId any more.</param>
    public sealed record Done(int Cleared) : ResolveDuplicateOutcome;

    /// <summary>The rows with this clientId are not the ones that were shown. Nothing was changed.</summary>
    public sealed record ChangedMeanwhile : ResolveDuplicateOutcome;

    public sealed record NotAllowed : ResolveDuplicateOutcome;
}

/// <summary>
/// Rows of tasks or focus sessions with the same clientId, which a unique index refuses. One row keeps it; the others get NULL:
/// they stay, and the device that made them takes them for rows of the server's at its next sync.
/// </summary>
public sealed class ClientIdDuplicates(TargetAccess access, AuditLog audit)
{
    private const int Shown = 50;
    private const int RowsShown = 20;

    /// <summary>By table, the column that tells rows apart.</summary>
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["tasks"] = "status::text",
        ["focus_sessions"] = """to_char("startedAt", 'YYYY-MM-DD HH24:MI')""",
    };

    /// <summary>For admins and support; empty for others, and for a target without these columns.</summary>
    public async Task<DuplicateList> ListAsync(Actor actor, string target, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return new DuplicateList(0, []);
        }

        await using var connection = await OpenAsync(target, cancellationToken);
        var (total, groups) = (0L, new List<DuplicateGroup>());
        foreach (var (table, label) in Labels)
        {
            if (await HasColumnAsync(connection, table, cancellationToken))
            {
                total += await ReadAsync(connection, table, label, groups, cancellationToken);
            }
        }

        return new DuplicateList(total, groups);
    }

    /// <param name="shown">The ids of all rows of the group as the admin saw them.</param>
    public async Task<ResolveDuplicateOutcome> ResolveAsync(
        Actor actor, string target, string table, string clientId, string keepId, IReadOnlyCollection<string> shown, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin || !Labels.ContainsKey(table))
        {
            return new ResolveDuplicateOutcome.NotAllowed();
        }

        await using var connection = await OpenAsync(target, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await LockAsync(connection, table, clientId, cancellationToken);
        if (rows.Count < 2 || !rows.Contains(keepId) || (shown.Count <= RowsShown && !rows.SetEquals(shown)))
        {
            return new ResolveDuplicateOutcome.ChangedMeanwhile();
        }

        await using var command = new NpgsqlCommand(
            $"""UPDATE public.{table} SET "clientId" = NULL, "updatedAt" = now() AT TIME ZONE 'utc' WHERE "clientId" = $1 AND id <> $2""", connection, transaction)
        {
            Parameters = { new() { Value = clientId }, new() { Value = keepId } },
        };
        var cleared = await command.ExecuteNonQueryAsync(cancellationToken);

        // On record first: the two databases have no common transaction, and nothing is to happen unrecorded.
        await audit.WriteAsync(actor, "duplicate.resolved", $"{target}:{table}", "done", $"{keepId} keeps the clientId; {cleared} others have none now: {string.Join(", ", rows.Where(id => id != keepId).Take(RowsShown))}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ResolveDuplicateOutcome.Done(cleared);
    }

    private async Task<NpgsqlConnection> OpenAsync(string target, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(access.Owner(target).ConnectionString) { CommandTimeout = 60 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<bool> HasColumnAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.' || $1) AND attname = 'clientId' AND NOT attisdropped)", connection)
        { Parameters = { new() { Value = table } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<long> ReadAsync(NpgsqlConnection connection, string table, string label, List<DuplicateGroup> groups, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            WITH twice AS MATERIALIZED (SELECT "clientId" FROM public.{table} WHERE "clientId" IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
            SELECT (SELECT count(*) FROM twice), n."clientId", n.id, n."userId", n.label, n."createdAt", n."updatedAt"
            FROM (SELECT t.*, {label} AS label, row_number() OVER (PARTITION BY t."clientId" ORDER BY t."updatedAt" DESC, t.id) AS place
                  FROM public.{table} t JOIN (SELECT "clientId" FROM twice ORDER BY 1 LIMIT {Shown}) g USING ("clientId")) n
            WHERE n.place <= {RowsShown} ORDER BY n."clientId", n.place
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (total, rows) = (0L, new List<(string ClientId, DuplicateRow Row)>());
        while (await reader.ReadAsync(cancellationToken))
        {
            total = reader.GetInt64(0);
            rows.Add((reader.GetString(1), new DuplicateRow(
                reader.GetString(2), reader.GetString(3), reader.GetString(4), DateTime.SpecifyKind(reader.GetDateTime(5), DateTimeKind.Utc), DateTime.SpecifyKind(reader.GetDateTime(6), DateTimeKind.Utc))));
        }

        groups.AddRange(rows.GroupBy(r => r.ClientId).Select(g => new DuplicateGroup(table, g.Key, [.. g.Select(r => r.Row)])));
        return total;
    }

    private static async Task<HashSet<string>> LockAsync(NpgsqlConnection connection, string table, string clientId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""SELECT id FROM public.{table} WHERE "clientId" = $1 ORDER BY id FOR UPDATE""", connection) { Parameters = { new() { Value = clientId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
