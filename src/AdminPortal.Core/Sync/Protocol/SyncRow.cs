using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Which version changed a field last, and the device that did (null: anyone else).</summary>
internal sealed record FieldVersion([property: JsonPropertyName("v")] long Version, [property: JsonPropertyName("d")] string? DeviceId)
{
    private const string Rest = "*";

    /// <summary>By field, from <see cref="Data.Sync.SyncChange.FieldVersions"/>.</summary>
    public static Dictionary<string, FieldVersion> Parse(string json, SyncEntity entity)
    {
        var fields = JsonSerializer.Deserialize<Dictionary<string, FieldVersion>>(json)!;
        if (fields.Remove(Rest, out var rest))
        {
            foreach (var field in entity.Fields)
            {
                fields.TryAdd(field.Name, rest);
            }
        }

        return fields;
    }
}

/// <summary>A row of an entity as a push sees and leaves it.</summary>
/// <param name="Values">Null: it is gone, or not there yet.</param>
/// <param name="Fields">As of the last version; those that this push changed carry <see cref="long.MaxValue"/>.</param>
internal sealed record SyncRow(
    SyncEntity Entity, string Id, string? ClientId, IReadOnlyDictionary<string, object?>? Values, long Version, IReadOnlyDictionary<string, FieldVersion> Fields)
{
    public static IReadOnlyDictionary<string, FieldVersion> NoFields { get; } = new Dictionary<string, FieldVersion>(StringComparer.Ordinal);

    /// <summary>True: the push has to insert it.</summary>
    public bool IsNew { get; init; }

    /// <summary>The fields that the push changed, in their order.</summary>
    public IReadOnlyList<SyncField> Changed => [.. Entity.Fields.Where(f => Fields.TryGetValue(f.Name, out var last) && last.Version == long.MaxValue)];

    public (string Entity, string Id) Key => (Entity.Name, Id);

    /// <summary>The fields that somebody other than this device changed after a version.</summary>
    public IEnumerable<string> ChangedAfter(long version, string deviceId) =>
        Fields.Where(f => f.Value.Version > version && f.Value.DeviceId != deviceId).Select(f => f.Key);

    public SyncRow With(IReadOnlyDictionary<string, object?> changes, string deviceId)
    {
        var values = new Dictionary<string, object?>(Values!, StringComparer.Ordinal);
        var fields = new Dictionary<string, FieldVersion>(Fields, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            if (!values.TryGetValue(name, out var before) || !Equals(before, value))
            {
                values[name] = value;
                fields[name] = new FieldVersion(long.MaxValue, deviceId);
            }
        }

        return this with { Values = values, Fields = fields };
    }

    public JsonObject? ToJson() => Values is null ? null : ToJson(Values);

    public static JsonObject ToJson(IReadOnlyDictionary<string, object?> values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
        {
            json[name] = SyncValues.ToJson(value);
        }

        return json;
    }
}
