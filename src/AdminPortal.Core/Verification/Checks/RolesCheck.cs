using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>The runtime role can do its work, cannot rewrite history, and reaches nothing else of the host's.</summary>
internal sealed class RolesCheck : VerificationCheck
{
    private const string OwnQuery = """
        SELECT n.nspname || '.' || c.relname, has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, 'SELECT') AND has_table_privilege($1, c.oid, 'INSERT'),
               has_table_privilege($1, c.oid, 'UPDATE') OR has_table_privilege($1, c.oid, 'DELETE')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = ANY($2) ORDER BY 1
        """;

    private const string HostQuery = """
        SELECT w.relation || coalesce('.' || w.attribute, ''), w.privilege FROM unnest($2::text[], $3::text[], $4::text[]) AS w(relation, attribute, privilege)
        WHERE NOT has_schema_privilege($1, 'public', 'USAGE') OR NOT CASE WHEN w.attribute IS NULL THEN has_table_privilege($1, w.relation, w.privilege) ELSE has_column_privilege($1, w.relation, w.attribute, w.privilege) END
        """;

    /// <summary>What was given to the role by name; what everybody may is the host's decision.</summary>
    private const string ExcessQuery = """
        SELECT format('%I.%I', n.nspname, c.relname), 'REVOKE ALL ON ' || format('%I.%I', n.nspname, c.relname) || ' FROM ', string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
        CROSS JOIN LATERAL (
            SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT x.* FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x WHERE t.attrelid = c.oid AND NOT t.attisdropped
        ) a
        WHERE a.grantee = r.oid AND NOT pg_has_role(r.oid, c.relowner, 'USAGE') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT n.nspname || '.' || c.relname = ANY($2)
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'portal')
        GROUP BY 1, 2
        UNION ALL SELECT 'default privileges of ' || d.defaclrole::regrole,
            format('ALTER DEFAULT PRIVILEGES FOR ROLE %s%s REVOKE ALL ON %s FROM ', d.defaclrole::regrole, ' IN SCHEMA ' || nullif(d.defaclnamespace, 0)::regnamespace,
                CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'n' THEN 'SCHEMAS' WHEN 'T' THEN 'TYPES' ELSE 'FUNCTIONS' END),
            string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type)
        FROM pg_default_acl d JOIN pg_roles r ON r.rolname = $1 CROSS JOIN LATERAL aclexplode(d.defaclacl) a
        WHERE a.grantee = r.oid AND d.defaclrole <> r.oid AND d.defaclobjtype = 'r' GROUP BY 1, 2
        ORDER BY 1
        """;

    public override string Id => "roles";

    public override string Title => "The portal works with a role of its own, which cannot rewrite history";

    public override string Expected => "A runtime role that reads and writes the rows that the portal works on and nothing else, and an owner that migrates.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var role = new NpgsqlConnectionStringBuilder(target.Settings.ConnectionString).Username;
        if (string.IsNullOrEmpty(role) || role == target.Connection.UserName)
        {
            return [new Finding(CheckSeverity.Warning, role ?? "the role", Expected, "one role does both",
                $"Make a second role and give the owner's connection string as Portal:Targets:{target.Name}:OwnerConnectionString; docs/operations.md has the SQL.")];
        }

        var expected = target.Expected.Of(CatalogueKind.Table).Where(t => target.Actual.Find(t) is not null).Select(t => t.Title).ToArray();
        return
        [
            .. await OwnAsync(target, role, expected, cancellationToken),
            .. await HostAsync(target, role, expected, cancellationToken),
            .. await RuntimeGrants.ListAsync(
                target.Connection, ExcessQuery,
                r => new Finding(CheckSeverity.Warning, r.GetString(0), $"{role} has no right there", $"it has {r.GetString(2)}", $"The portal needs none of it: {r.GetString(1)}{SafeFix.Quote(role)}"),
                cancellationToken, role, expected),
        ];
    }

    private static async Task<List<Finding>> OwnAsync(CheckedTarget target, string role, string[] expected, CancellationToken cancellationToken)
    {
        var host = HostTableGrant.All.Select(grant => grant.Table).Concat(ColumnsCheck.HostTables).ToHashSet(StringComparer.Ordinal);
        var own = expected.Where(table => !host.Contains(table)).ToArray();
        var findings = new List<Finding>();
        foreach (var (table, works, changes) in await RuntimeGrants.ListAsync(target.Connection, OwnQuery, r => (r.GetString(0), r.GetBoolean(1), r.GetBoolean(2)), cancellationToken, role, own))
        {
            if (!works)
            {
                findings.Add(new Finding(CheckSeverity.Error, table, $"{role} may read and write", "it may not", $"GRANT USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on the table TO {SafeFix.Quote(role)}; the portal does so after every migration that it runs."));
            }
            else if (changes && table == "portal.device_events")
            {
                findings.Add(new Finding(CheckSeverity.Warning, table, $"{role} may only add", "it may change and delete", $"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {SafeFix.Quote(role)}: the history is to stay as it was written."));
            }
        }

        return findings;
    }

    /// <summary>On the host's tables and the guides', right by right; once the migration that needs it is there.</summary>
    private static async Task<List<Finding>> HostAsync(CheckedTarget target, string role, string[] expected, CancellationToken cancellationToken)
    {
        var rights = HostTableGrant.All
            .Where(grant => expected.Contains(grant.Table) && !target.History.Pending.Any(id => TargetHistory.NameOf(id) == grant.From))
            .SelectMany(grant => (grant.Columns ?? [null!]).Select(column => (grant.Table, Column: (string?)column, grant.Privilege)))
            .Where(right => right.Column is null || right.Table.StartsWith("portal.", StringComparison.Ordinal) || target.Has(right.Table, right.Column)).ToList();
        return await RuntimeGrants.ListAsync(
            target.Connection, HostQuery,
            r => new Finding(CheckSeverity.Error, r.GetString(0), $"{role} has {r.GetString(1)}", "it has not", $"GRANT {r.GetString(1)} on it TO {SafeFix.Quote(role)}; the portal does so after every migration that it runs."),
            cancellationToken, role, rights.Select(r => r.Table).ToArray(), rights.Select(r => r.Column).ToArray(), rights.Select(r => r.Privilege).ToArray());
    }
}
