using AdminPortal.Core.Verification;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>What of the host's would let a deployment end and the portal's work on it fail: hidden rows, and columns that must be filled.</summary>
internal static class HostBarriers
{
    private const int Samples = 20;

    /// <summary>People are read through the view, with the rights of its owner; the rest by the portal's role itself.</summary>
    private const string Hidden = """
        SELECT format('%I.%I from the role %I', n.nspname, c.relname, r.rolname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = current_user OR (r.rolname = $1 AND c.relname <> 'users')
        WHERE n.nspname = 'public' AND c.relname = ANY($2) AND c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls
          AND (c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*' AND pg_get_expr(p.polqual, p.polrelid) = 'true'
              AND (0 = ANY(p.polroles) OR r.oid = ANY(p.polroles)))
        ORDER BY 1
        """;

    private const string MustBeFilled = """
        SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname), format('ALTER TABLE %I.%I ALTER COLUMN %I SET DEFAULT …', n.nspname, c.relname, a.attname)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
          AND NOT (n.nspname || '.' || c.relname || '.' || a.attname = ANY($2))
        ORDER BY 1
        """;

    /// <summary>The host's own that the portal reads.</summary>
    private static readonly string[] Read = ["users", "tasks", "focus_sessions"];

    /// <summary>The host's own that sync adds rows to.</summary>
    private static readonly string[] Written = ["tasks", "focus_sessions"];

    /// <param name="runtimeRole">That the portal works with day by day.</param>
    public static async Task<IReadOnlyList<Precheck>> CheckAsync(NpgsqlConnection connection, MigrationSet set, string? runtimeRole, CancellationToken cancellationToken)
    {
        if (set.People is not null)
        {
            return []; // what the mapping reads and writes was looked at with it
        }

        var hidden = await ListAsync(connection, Hidden, r => r.GetString(0), cancellationToken, runtimeRole ?? "", Read);
        string[] known = [.. CatalogueManifest.Current.Whole().Of(CatalogueKind.Column).Select(c => c.Title)];
        var filled = await ListAsync(connection, MustBeFilled, r => (Column: r.GetString(0), Remedy: r.GetString(1)), cancellationToken, Written, known);
        return
        [
            new("Row level security hides no row from the portal", Severity.Error, hidden.Count == 0, hidden.Count == 0 ? "it hides none" : $"it hides rows of {string.Join(", ", hidden.Take(3))}",
                $"A superuser runs ALTER ROLE … BYPASSRLS for each of these roles; or: CREATE POLICY portal ON … TO {runtimeRole} USING (true) WITH CHECK (true).", [.. hidden.Take(Samples)]),
            new("Devices can create tasks and focus sessions without values for the host's own columns", Severity.Error, filled.Count == 0,
                filled.Count == 0 ? "they can" : $"these must be filled: {string.Join(", ", filled.Take(3).Select(c => c.Column))}",
                $"Give each a default, or let it be null: {string.Join("; ", filled.Take(3).Select(c => c.Remedy))}", [.. filled.Take(Samples).Select(c => c.Column)]),
        ];
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
