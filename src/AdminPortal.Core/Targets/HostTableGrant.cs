using AdminPortal.Core.Hosts;
using AdminPortal.Core.Migrations;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>One right of the runtime role on a table of <c>public</c>, or on the view of the people: exactly what the portal's code does there.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Columns">Null: the right is on the table.</param>
/// <param name="From">The migration, by its name, from which on the portal works there.</param>
internal sealed record HostTableGrant(string Table, string Privilege, IReadOnlyList<string>? Columns, string From)
{
    private const string Pairing = "add_device_pairing_models";
    private const string Registry = "add_mobile_sync_support";
    private const string Sync = "add_sync_protocol";
    private const string People = "add_people_view";
    private const string Guides = "baseline";

    /// <summary>A role that owns a table has its rights by itself, and must not lose them.</summary>
    private const string OwnedBy =
        """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
        WHERE n.nspname IN ('public', 'portal') AND c.relkind IN ('r', 'p', 'v') AND pg_has_role(r.oid, c.relowner, 'USAGE')
        """;

    /// <summary>Where it has any right by name: nothing is taken back where nothing was given.</summary>
    private const string GivenTo =
        """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
        WHERE n.nspname IN ('public', 'portal') AND (EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = r.oid)
            OR EXISTS (SELECT FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a WHERE t.attrelid = c.oid AND NOT t.attisdropped AND a.grantee = r.oid))
        """;

    private static readonly string[] EveryRow = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    private static readonly string[] TaskColumns = ["id", "userId", "title", "notes", "status", "dueAt", "completedAt", "createdAt", "updatedAt", "clientId"];
    private static readonly string[] SessionColumns = ["id", "userId", "taskId", "startedAt", "endedAt", "durationSeconds", "createdAt", "updatedAt", "clientId"];

    public static IReadOnlyList<HostTableGrant> All { get; } =
    [
        new("portal.users", "SELECT", null, People),
        new("portal.users", "UPDATE", ["lastSyncedAt"], People),
        .. OfOwn("public.device_pairings", Pairing), .. OfOwn("public.device_permissions", Pairing), .. OfOwn("public.devices", Registry),
        new("public.tasks", "SELECT", TaskColumns, Sync),
        new("public.tasks", "INSERT", TaskColumns, Sync),
        new("public.tasks", "UPDATE", ["title", "notes", "status", "dueAt", "completedAt", "updatedAt"], Sync),
        new("public.tasks", "DELETE", null, Sync),
        new("public.focus_sessions", "SELECT", SessionColumns, Sync),
        new("public.focus_sessions", "INSERT", SessionColumns, Sync),
        new("public.focus_sessions", "UPDATE", ["taskId", "startedAt", "endedAt", "durationSeconds", "updatedAt"], Sync),
        new("public.focus_sessions", "DELETE", null, Sync),
    ];

    /// <summary>Of an existing database: grants what its history asks for, and takes back what it asks for no longer.</summary>
    public static async Task<IReadOnlyList<string>> StatementsAsync(NpgsqlConnection owner, string runtimeRole, CancellationToken cancellationToken)
    {
        const string There =
            """
            SELECT n.nspname || '.' || c.relname, a.attname::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname IN ('public', 'portal') AND c.relkind IN ('r', 'p', 'v') AND pg_has_role(c.relowner, 'USAGE')
            """;
        if (!(await RuntimeGrants.ListAsync(owner, "SELECT to_regclass('portal.\"__EFMigrationsHistory\"') IS NOT NULL", r => r.GetBoolean(0), cancellationToken))[0])
        {
            return [];
        }

        var applied = (await RuntimeGrants.ListAsync(owner, "SELECT substr(\"MigrationId\", 16) FROM portal.\"__EFMigrationsHistory\"", r => r.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var columns = (await RuntimeGrants.ListAsync(owner, There, r => (Table: r.GetString(0), Column: r.GetString(1)), cancellationToken)).ToLookup(c => c.Table, c => c.Column);
        var owns = (await RuntimeGrants.ListAsync(owner, OwnedBy, r => r.GetString(0), cancellationToken, runtimeRole)).ToHashSet(StringComparer.Ordinal);
        var given = (await RuntimeGrants.ListAsync(owner, GivenTo, r => r.GetString(0), cancellationToken, runtimeRole)).ToHashSet(StringComparer.Ordinal);
        var rights = All.Where(grant => columns.Contains(grant.Table) && !owns.Contains(grant.Table) && (IsNeeded(grant) || given.Contains(grant.Table))).ToList();
        var schema = rights.Exists(IsNeeded) && !(await RuntimeGrants.ListAsync(owner, "SELECT has_schema_privilege($1, 'public', 'USAGE')", r => r.GetBoolean(0), cancellationToken, runtimeRole))[0];
        return
        [
            .. schema ? [$"GRANT USAGE ON SCHEMA public TO {Quote(runtimeRole)}"] : Array.Empty<string>(),
            .. rights.Select(grant => grant.Sql(runtimeRole, columns[grant.Table], IsNeeded(grant))).OfType<string>(),
            .. applied.Contains(MigrationScript.NameOf(EntitySql.Id))
                ? EntitySql.Grants(await RuntimeGrants.ListAsync(owner, "SELECT name FROM portal.sync_entities ORDER BY position", r => r.GetString(0), cancellationToken), Quote(runtimeRole))
                : [],
        ];

        // The tables of these names are the guides' own where their first migration is on record, and else a host's.
        bool IsNeeded(HostTableGrant grant) => applied.Contains(grant.From) && (grant.From != Sync || applied.Contains(Guides));
    }

    /// <summary>As a deployment of these migrations makes it, whatever is there already.</summary>
    /// <param name="entities">That these migrations declare; null: the people are not mapped.</param>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> migrations, IEnumerable<string>? entities, string runtimeRole) =>
        [.. All.Where(grant => migrations.Contains(grant.From) && (entities is null || grant.From != Sync)).Select(grant => grant.Sql(runtimeRole, grant.Columns ?? [], isNeeded: true)!), .. migrations.Contains(MigrationScript.NameOf(EntitySql.Id)) ? EntitySql.Grants(entities ?? [], Quote(runtimeRole)) : []];

    /// <summary>Null: none of its columns is there.</summary>
    private string? Sql(string role, IEnumerable<string> there, bool isNeeded)
    {
        var columns = Columns?.Intersect(there).Select(Quote).ToList();
        var what = $"{Privilege}{(columns is null ? "" : $" ({string.Join(", ", columns)})")} ON {Table}";
        return columns is { Count: 0 } ? null : isNeeded ? $"GRANT {what} TO {Quote(role)}" : $"REVOKE {what} FROM {Quote(role)}";
    }

    private static IEnumerable<HostTableGrant> OfOwn(string table, string from) =>
        EveryRow.Select(privilege => new HostTableGrant(table, privilege, null, from));

    private static string Quote(string identifier)
    {
        using var quoting = new NpgsqlCommandBuilder();
        return quoting.QuoteIdentifier(identifier);
    }
}
