using Npgsql;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>The runtime role can work on every table, and cannot rewrite history.</summary>
internal sealed class RolesCheck : VerificationCheck
{
    private const string Query = """
        SELECT n.nspname || '.' || c.relname, has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, 'SELECT') AND has_table_privilege($1, c.oid, 'INSERT'),
               has_table_privilege($1, c.oid, 'UPDATE') OR has_table_privilege($1, c.oid, 'DELETE')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = ANY($2) ORDER BY 1
        """;

    public override string Id => "roles";

    public override string Title => "The portal works with a role of its own, which cannot rewrite history";

    public override string Expected => "A runtime role that reads and writes rows, and an owner that migrates.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        var role = new NpgsqlConnectionStringBuilder(target.Settings.ConnectionString).Username;
        if (string.IsNullOrEmpty(role) || role == target.Connection.UserName)
        {
            return [new Finding(CheckSeverity.Warning, role ?? "the role", Expected, "one role does both",
                $"Make a second role and give the owner's connection string as Portal:Targets:{target.Name}:OwnerConnectionString; docs/operations.md has the SQL.")];
        }

        var tables = target.Expected.Of(CatalogueKind.Table).Where(t => target.Actual.Find(t) is not null).Select(t => t.Title).ToArray();
        await using var command = new NpgsqlCommand(Query, target.Connection) { Parameters = { new() { Value = role }, new() { Value = tables } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var findings = new List<Finding>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (table, works, changes) = (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2));
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
}
