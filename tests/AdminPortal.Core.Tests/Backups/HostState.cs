using AdminPortal.Core.Backups;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>Everything of a database but its rows, line by line: what <c>pg_dump -s</c> says, and what belongs to the database itself.</summary>
internal static class HostState
{
    private const string OfTheDatabase =
        """
        SELECT 'owner ' || datdba::regrole FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT 'comment ' || coalesce(shobj_description(oid, 'pg_database'), 'none') FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT format('grant %s to %s by %s', a.privilege_type, a.grantee, a.grantor) FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a WHERE datname = current_database()
        UNION ALL SELECT format('setting %s %s', s.setrole, c) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c WHERE d.datname = current_database()
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<string>> ReadAsync(TestDatabase database, PostgresTools tools)
    {
        var token = TestContext.Current.CancellationToken;
        var superuser = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(token);
        var found = Assert.IsType<FindToolsOutcome.Found>(await tools.FindAsync(connection.PostgreSqlVersion.Major, token));
        List<string> lines = [];
        await using (var command = new NpgsqlCommand(OfTheDatabase, connection))
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token))
                lines.Add(reader.GetString(0));
        }

        var ended = await ToolProcess.RunAsync(found.Tools.PgDump, ["--schema-only", "--no-password"], superuser, static _ => { }, async (stream, stop) =>
        {
            using var reader = new StreamReader(stream);
            lines.AddRange((await reader.ReadToEndAsync(stop)).Split('\n').Where(line => line.Length > 0 && !line.StartsWith('\\')));
        }, token);
        Assert.Equal((0, ""), (ended.ExitCode, string.Join('\n', ended.Errors)));
        return lines;
    }
}
