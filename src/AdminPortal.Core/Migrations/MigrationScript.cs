namespace AdminPortal.Core.Migrations;

/// <summary>One migration of this build, as the SQL that it sends to PostgreSQL.</summary>
/// <param name="Id">As it stands in the history: <c>20261122153408_add_device_pairing_models</c>.</param>
/// <param name="SqlHash">SHA-256 over the statements of <paramref name="Up"/>, without EF's product version; in lower-case hex.</param>
public sealed record MigrationScript(string Id, string SqlHash, IReadOnlyList<MigrationStatement> Up, IReadOnlyList<MigrationStatement> Down)
{
    /// <summary>What people read and type.</summary>
    public string Name => NameOf(Id);

    /// <summary>The id without its time.</summary>
    public static string NameOf(string id) => id.Length > 15 && id[14] == '_' ? id[15..] : id;
}

/// <summary>One command of a migration.</summary>
/// <param name="InTransaction">False: it commits by itself, such as CREATE INDEX CONCURRENTLY.</param>
public sealed record MigrationStatement(string Sql, bool InTransaction);
