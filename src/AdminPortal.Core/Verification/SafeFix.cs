using Npgsql;

namespace AdminPortal.Core.Verification;

/// <summary>What a button may do, because it takes nothing away and lets others go on working.</summary>
public enum FixKind
{
    /// <summary>Builds an index of this release concurrently; an invalid one of that name is dropped first.</summary>
    CreateIndex,

    /// <summary>Drops an invalid index that this release does not know.</summary>
    DropInvalidIndex,

    /// <summary>Has the server check the rows from before a constraint was added.</summary>
    ValidateConstraint,
}

/// <summary>A safe repair of one object. Its SQL is for people to read: what runs is made again from the catalogue.</summary>
public sealed record SafeFix(FixKind Kind, string Schema, string Table, string Name, string Sql)
{
    /// <summary>Such as “Create the index tasks_clientId_key”.</summary>
    public string Title => Kind switch
    {
        FixKind.CreateIndex => $"Create the index {Name}",
        FixKind.DropInvalidIndex => $"Drop the invalid index {Name}",
        _ => $"Validate {Name}",
    };

    internal static SafeFix Create(CatalogueObject index) => new(
        FixKind.CreateIndex, index.Schema, index.Table, index.Name, Concurrently(index.Detail("ddl")!));

    internal static SafeFix Drop(CatalogueObject index) => new(
        FixKind.DropInvalidIndex, index.Schema, index.Table, index.Name, $"DROP INDEX CONCURRENTLY IF EXISTS {Quote(index.Schema, index.Name)}");

    internal static SafeFix Validate(CatalogueObject constraint) => new(
        FixKind.ValidateConstraint, constraint.Schema, constraint.Table, constraint.Name,
        $"ALTER TABLE {Quote(constraint.Schema, constraint.Table)} VALIDATE CONSTRAINT {Quote(constraint.Name)}");

    /// <summary>The trigram operator class is wherever the extension is: the search path finds it.</summary>
    private static string Concurrently(string ddl) => ddl
        .Replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX CONCURRENTLY ", StringComparison.Ordinal)
        .Replace("CREATE INDEX ", "CREATE INDEX CONCURRENTLY ", StringComparison.Ordinal)
        .Replace("portal.gin_trgm_ops", "gin_trgm_ops", StringComparison.Ordinal);

    internal static string Quote(params ReadOnlySpan<string> names)
    {
        using var builder = new NpgsqlCommandBuilder();
        var parts = new string[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            parts[i] = builder.QuoteIdentifier(names[i]);
        }

        return string.Join('.', parts);
    }
}
