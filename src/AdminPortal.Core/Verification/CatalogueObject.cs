namespace AdminPortal.Core.Verification;

/// <summary>What kinds of objects of a database verification looks at; written by name into the manifest.</summary>
public enum CatalogueKind
{
    Table,
    Column,
    Enum,
    PrimaryKey,
    Index,
    ForeignKey,
    Constraint,
    Trigger,
    Function,
}

/// <summary>
/// One object of a database as the server's catalogue describes it. Two objects with equal facts are the same to verification;
/// a UNIQUE constraint and a unique index are both an <see cref="CatalogueKind.Index"/>.
/// </summary>
/// <param name="Table">The table that it belongs to; empty for tables, enums and functions themselves.</param>
/// <param name="Facts">What is compared, in an order for people: <c>type</c>, <c>null</c>, <c>default</c>, ….</param>
/// <param name="Details">What is not compared: <c>ddl</c> (makes it), <c>uses</c> (columns that it depends on), ….</param>
public sealed record CatalogueObject(
    CatalogueKind Kind, string Schema, string Table, string Name, IReadOnlyDictionary<string, string> Facts, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>Unique within one catalogue.</summary>
    public string Key => $"{Kind}:{Schema}.{Table}.{Name}";

    /// <summary>As people write it: <c>public.tasks.clientId</c>, <c>public.users</c>.</summary>
    public string Title => Table.Length == 0 ? $"{Schema}.{Name}" : $"{Schema}.{Table}.{Name}";

    /// <summary>The table that it is or belongs to, with its schema.</summary>
    public string TableTitle => Kind == CatalogueKind.Table ? Title : $"{Schema}.{Table}";

    /// <summary>The columns that it depends on, by name.</summary>
    public IReadOnlyList<string> Uses => Detail("uses") is { Length: > 0 } uses ? uses.Split(", ") : [];

    public string? Fact(string name) => Facts.GetValueOrDefault(name);

    public string? Detail(string name) => Details.GetValueOrDefault(name);

    /// <summary>Equal facts, whatever the name.</summary>
    public bool SameAs(CatalogueObject other) =>
        Kind == other.Kind && Schema == other.Schema && Table == other.Table && Facts.Count == other.Facts.Count
        && Facts.All(fact => other.Fact(fact.Key) == fact.Value);
}
