namespace AdminPortal.Core.Verification;

/// <summary>The objects of the schemas <c>public</c>, <c>portal</c> and <c>sync</c> of a database, without migration tools' own tables.</summary>
public sealed class DatabaseCatalogue
{
    private readonly Dictionary<string, CatalogueObject> byKey;
    private readonly ILookup<CatalogueKind, CatalogueObject> byKind;
    private readonly ILookup<string, CatalogueObject> byTable;

    public DatabaseCatalogue(IEnumerable<CatalogueObject> objects)
    {
        Objects = [.. objects];
        byKey = Objects.ToDictionary(o => o.Key, StringComparer.Ordinal);
        byKind = Objects.ToLookup(o => o.Kind);
        byTable = Objects.Where(o => o.Table.Length > 0).ToLookup(o => o.TableTitle, StringComparer.Ordinal);
    }

    public IReadOnlyList<CatalogueObject> Objects { get; }

    public IEnumerable<CatalogueObject> Of(CatalogueKind kind) => byKind[kind];

    /// <summary>What belongs to a table, given as <c>public.tasks</c>.</summary>
    public IEnumerable<CatalogueObject> OfTable(string table, CatalogueKind kind) => byTable[table].Where(o => o.Kind == kind);

    /// <summary>The object of the same kind, place and name; null: there is none.</summary>
    public CatalogueObject? Find(CatalogueObject other) => byKey.GetValueOrDefault(other.Key);

    public bool HasTable(string table) => byKey.ContainsKey($"{CatalogueKind.Table}:{table.Replace(".", "..", StringComparison.Ordinal)}");

    public CatalogueObject? Column(string table, string column) =>
        byTable[table].FirstOrDefault(o => o.Kind == CatalogueKind.Column && o.Name == column);
}
