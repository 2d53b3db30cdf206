using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Verification;

/// <summary>An object of the manifest, and from which migration to which it looks like that.</summary>
/// <param name="Since">The migration that makes it.</param>
/// <param name="Until">The migration that changes or drops it; null: it is there to the end.</param>
public sealed record ManifestObject(
    CatalogueKind Kind, string Schema, string Table, string Name, IReadOnlyDictionary<string, string> Facts, IReadOnlyDictionary<string, string> Details,
    string Since, string? Until = null)
{
    [JsonIgnore]
    public CatalogueObject Entry => new(Kind, Schema, Table, Name, Facts, Details);
}

/// <summary>
/// What the migrations of this build make, written down from a database that was really migrated, step by step. A test compares
/// the committed file with such a database; <c>docs/verification.md</c> says how to renew it.
/// </summary>
/// <param name="Migrations">In the order in which they are applied.</param>
public sealed record CatalogueManifest(IReadOnlyList<string> Migrations, IReadOnlyList<ManifestObject> Objects)
{
    internal const string Resource = "expected-catalogue.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static CatalogueManifest Current { get; } = Load();

    /// <summary>The catalogues after each migration, in their order, as one manifest.</summary>
    public static CatalogueManifest From(IReadOnlyList<(string Migration, DatabaseCatalogue After)> steps)
    {
        var open = new Dictionary<string, ManifestObject>(StringComparer.Ordinal);
        var closed = new List<ManifestObject>();
        foreach (var (migration, after) in steps)
        {
            foreach (var (key, known) in open.ToList())
            {
                if (after.Find(known.Entry)?.SameAs(known.Entry) != true)
                {
                    closed.Add(known with { Until = migration });
                    open.Remove(key);
                }
            }

            foreach (var found in after.Objects)
            {
                open.TryAdd(found.Key, new ManifestObject(found.Kind, found.Schema, found.Table, found.Name, found.Facts, found.Details, migration));
            }
        }

        return new CatalogueManifest(
            [.. steps.Select(s => s.Migration)],
            [.. closed.Concat(open.Values).OrderBy(o => o.Since, StringComparer.Ordinal).ThenBy(o => o.Kind).ThenBy(o => o.Entry.Key, StringComparer.Ordinal)]);
    }

    /// <summary>One object a line, so that a change can be reviewed.</summary>
    public string ToJson() => string.Concat(
        "{\n\"migrations\": ", JsonSerializer.Serialize(Migrations, Format), ",\n\"objects\": [\n",
        string.Join(",\n", Objects.Select(o => JsonSerializer.Serialize(o, Format))), "\n]}\n");

    /// <summary>The catalogue of a database that has exactly these migrations.</summary>
    public DatabaseCatalogue At(IReadOnlyCollection<string> applied) => new(
        Objects.Where(o => applied.Contains(o.Since) && (o.Until is null || !applied.Contains(o.Until))).Select(o => o.Entry));

    /// <summary>The catalogue of a database that has them all.</summary>
    public DatabaseCatalogue Whole() => At([.. Migrations]);

    private static CatalogueManifest Load()
    {
        using var stream = typeof(CatalogueManifest).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build lacks its resource {Resource}.");
        return JsonSerializer.Deserialize<CatalogueManifest>(stream, Format) ?? throw new InvalidOperationException($"{Resource} is empty.");
    }
}
