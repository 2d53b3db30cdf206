using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Hosts;

/// <summary>Where a host has its people: the table and the columns that the view <c>portal.users</c> is made from.</summary>
/// <param name="Schema">Of the table, as the catalogue writes it.</param>
/// <param name="Table">As the catalogue writes it, in any case.</param>
/// <param name="Id">A column that names each person once: text, varchar, uuid, integer or bigint.</param>
/// <param name="Email">text, varchar or citext; may be null.</param>
/// <param name="Name">The columns of the name, in the order in which they are put together; empty: the host has none.</param>
/// <param name="CreatedAt">timestamp, timestamptz or date; null: the host has none.</param>
/// <param name="Sync">The tables that devices work on offline; null or empty: none, and sync is off.</param>
public sealed record PeopleMapping(
    [property: JsonRequired] string Schema, [property: JsonRequired] string Table, [property: JsonRequired] string Id, [property: JsonRequired] string Email, IReadOnlyList<string>? Name = null,
    string? CreatedAt = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EntityMapping>? Sync = null)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>As people write it: <c>public.User</c>.</summary>
    [JsonIgnore]
    public string Title => $"{Schema}.{Table}";

    /// <summary>The columns of the name; never null.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => Name ?? [];

    /// <summary>The entities; never null.</summary>
    [JsonIgnore]
    public IReadOnlyList<EntityMapping> Entities => Sync ?? [];

    /// <summary>Equal for two mappings that say the same.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Reads what <see cref="ToJson()"/> writes, or says in words what is wrong with it.</summary>
    public static (PeopleMapping? Mapping, string? Problem) Parse(string json)
    {
        try
        {
            var mapping = JsonSerializer.Deserialize<PeopleMapping>(json, Format);
            return mapping?.Problem() is { } problem ? (null, problem) : mapping is null ? (null, "The mapping is empty.") : (mapping, null);
        }
        catch (JsonException exception)
        {
            return (null, $"The mapping is not as “--look --json” prints it: {exception.Message}");
        }
    }

    /// <summary>Entities alone, as they stand under <c>sync</c>.</summary>
    public static string ToJson(IReadOnlyList<EntityMapping> entities) => JsonSerializer.Serialize(entities, Format);

    /// <summary>Reads what <see cref="ToJson(IReadOnlyList{EntityMapping})"/> writes, or says in words what is wrong with it. Empty: none.</summary>
    public static (IReadOnlyList<EntityMapping>? Entities, string? Problem) ParseEntities(string json)
    {
        try
        {
            var entities = string.IsNullOrWhiteSpace(json) ? [] : JsonSerializer.Deserialize<IReadOnlyList<EntityMapping>>(json, Format) ?? [];
            return entities.Any(e => e?.Fields is null) ? (null, "An entity is empty.") : (entities, null);
        }
        catch (JsonException exception)
        {
            return (null, $"What syncs is not as docs/hosts.md describes it: {exception.Message}");
        }
    }

    /// <summary>What is wrong with it by itself; null: nothing.</summary>
    public string? Problem()
    {
        foreach (var (key, value) in new[] { ("schema", Schema), ("table", Table), ("id", Id), ("email", Email) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                return $"The mapping names no {key}.";
            }
        }

        return Schema is "portal" or "sync" or "information_schema" || Schema.StartsWith("pg_", StringComparison.Ordinal) ? $"The schema {Schema} holds no people of a host."
            : Names.Any(string.IsNullOrWhiteSpace) ? "A column of the name is empty." : EntityMapping.Problem(Entities);
    }
}
