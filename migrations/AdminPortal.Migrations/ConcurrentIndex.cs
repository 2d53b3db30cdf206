using Microsoft.EntityFrameworkCore.Migrations;

namespace AdminPortal.Migrations;

/// <summary>
/// An index on a table that existed before is built without locking out writers. It must be the only thing in its
/// migration: it cannot run in a transaction, and a failure leaves an invalid index, which a second try drops first.
/// </summary>
internal static class ConcurrentIndex
{
    public static void Create(MigrationBuilder migration, string name, string table, string column, bool unique) =>
        Create(migration, "public", name, $"""
            CREATE {(unique ? "UNIQUE " : "")}INDEX CONCURRENTLY "{name}" ON public."{table}" ("{column}");
            """);

    /// <summary>For an index on several columns or expressions; <paramref name="sql"/> is the whole statement.</summary>
    public static void Create(MigrationBuilder migration, string schema, string name, string sql)
    {
        Drop(migration, name, schema);
        migration.Sql(sql, suppressTransaction: true);
    }

    /// <summary>
    /// For an index whose operator class is the trigram extension's, which a host may have in a schema of its own. Each
    /// statement goes alone: together they would be a transaction.
    /// </summary>
    public static void CreateTrigram(MigrationBuilder migration, string schema, string name, string sql)
    {
        migration.Sql("SET search_path = public, portal, extensions;", suppressTransaction: true);
        Create(migration, schema, name, sql);
        migration.Sql("SET search_path = public;", suppressTransaction: true);
    }

    public static void Drop(MigrationBuilder migration, string name, string schema = "public") =>
        migration.Sql($"""DROP INDEX CONCURRENTLY IF EXISTS {schema}."{name}";""", suppressTransaction: true);
}
