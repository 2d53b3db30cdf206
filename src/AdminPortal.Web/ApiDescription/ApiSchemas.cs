using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Permissions;
using AdminPortal.Web.Sync;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace AdminPortal.Web.ApiDescription;

/// <summary>
/// Completes the schemas: what is always there is required, null stands only where it can come, numbers are numbers, and words that are
/// a closed set are an enum.
/// </summary>
internal sealed class ApiSchemas(ApiTypes types, IReadOnlyList<SyncShape> shapes)
{
    private const string Null = "null";
    private const string ScopeWish = "ScopeWish";

    public static JsonSerializerOptions Json { get; } = JsonSerializerOptions.Web;

    public static JsonObject Reference(string schema) => new() { ["$ref"] = "#/components/schemas/" + schema };

    public void Complete(JsonObject schemas)
    {
        foreach (var (name, schema) in schemas)
        {
            Clean(schema!.AsObject());
            if (types.Find(name) is { Kind: JsonTypeInfoKind.Object } type && schema["properties"] is JsonObject properties)
            {
                Complete(schema.AsObject(), properties, type);
            }
        }

        schemas[nameof(DeviceType)] = Words(Enum.GetValues<DeviceType>().Select(value => JsonSerializer.SerializeToNode(value)!.GetValue<string>()));
        schemas[nameof(PermissionScope)] = Words(Enum.GetValues<PermissionScope>().Select(value => JsonSerializer.SerializeToNode(value)!.GetValue<string>()));
        schemas[nameof(ScopeEntry)] = Scope("A permission, and until when; null: as long as the pairing lasts.", "scope", "expiresAt");
        schemas[ScopeWish] = new JsonObject { ["description"] = "A permission, or one with its end.", ["oneOf"] = new JsonArray(Reference(nameof(PermissionScope)), Scope("A permission and its end.", "scope")) };
        schemas["Problem"] = Problem();
        foreach (var (name, kind) in new[] { ("userId", "string"), ("expiresAt", "integer"), ("ttl", "integer") })
        {
            schemas[nameof(Pairing.ScannedPayload)]!["properties"]![name] = new JsonObject { ["type"] = kind, ["description"] = "As in the code; not read." };
        }

        ApiSyncSchemas.AddTo(schemas, shapes);
    }

    /// <summary>Schemas that nothing names any more.</summary>
    public static void RemoveUnused(JsonObject root, JsonObject schemas)
    {
        while (true)
        {
            var text = root.ToJsonString();
            var unused = schemas.Select(s => s.Key).Where(name => !text.Contains($"\"#/components/schemas/{name}\"", StringComparison.Ordinal)).ToList();
            if (unused.Count == 0)
            {
                return;
            }

            unused.ForEach(name => schemas.Remove(name));
        }
    }

    /// <summary>The framework reads numbers from text, too. Nobody has to send them so.</summary>
    public static void Clean(JsonNode node)
    {
        if (node is JsonObject schema)
        {
            if (schema["type"] is JsonArray kinds && kinds.Any(k => Is(k, "integer") || Is(k, "number")) && kinds.FirstOrDefault(k => Is(k, "string")) is { } text)
            {
                kinds.Remove(text);
                schema.Remove("pattern");
                if (kinds.Count == 1)
                {
                    schema["type"] = kinds[0]!.DeepClone();
                }
            }

            foreach (var (_, child) in schema)
            {
                Clean(child!);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var child in list)
            {
                Clean(child!);
            }
        }
    }

    public static void WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray kinds && kinds.FirstOrDefault(k => Is(k, Null)) is { } none)
        {
            kinds.Remove(none);
            schema["type"] = kinds.Count == 1 ? kinds[0]!.DeepClone() : kinds.DeepClone();
        }

        if (schema["oneOf"] is JsonArray choices && choices.FirstOrDefault(c => Is(c!["type"], Null)) is { } nothing)
        {
            choices.Remove(nothing);
            if (choices.Count == 1)
            {
                schema.Remove("oneOf");
                foreach (var (key, value) in choices[0]!.AsObject())
                {
                    schema[key] = value?.DeepClone();
                }
            }
        }
    }

    /// <summary>What the attributes say of a value's words, length and range.</summary>
    public static void Limit(JsonObject schema, IEnumerable<object> attributes)
    {
        foreach (var attribute in attributes)
        {
            switch (attribute)
            {
                case AllowedValuesAttribute words:
                    schema["enum"] = new JsonArray([.. words.Values.Select(word => JsonValue.Create((string)word!))]);
                    if (schema["type"] is JsonArray kinds && kinds.Any(k => Is(k, Null)))
                    {
                        schema["enum"]!.AsArray().Add(null);
                    }

                    break;
                case StringLengthAttribute length:
                    schema["maxLength"] = length.MaximumLength;
                    if (length.MinimumLength > 0)
                    {
                        schema["minLength"] = length.MinimumLength;
                    }

                    break;
                case RangeAttribute range:
                    (schema["minimum"], schema["maximum"]) = ((int)range.Minimum, (int)range.Maximum);
                    break;
            }
        }
    }

    private static void Complete(JsonObject schema, JsonObject properties, JsonTypeInfo type)
    {
        var isRequest = IsRequest(type.Type);
        var required = new JsonArray();
        foreach (var property in type.Properties.Where(p => properties[p.Name] is JsonObject))
        {
            var declared = properties[property.Name]!.AsObject();
            var attributes = property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];
            var isWanted = isRequest ? attributes.OfType<RequiredAttribute>().Any() : !attributes.OfType<JsonIgnoreAttribute>().Any();
            if (isWanted)
            {
                required.Add(property.Name);
            }

            if (type.Type == typeof(AccessTokenResponse) || (isRequest && isWanted) || (!isRequest && !isWanted) || IsEnvelope(type.Type))
            {
                WithoutNull(declared);
            }

            Converted(declared, property.PropertyType, mayBeNull: isRequest && !isWanted);
            Limit(declared, attributes);
            if (property.PropertyType.IsGenericType && property.PropertyType.GenericTypeArguments[0] == typeof(ScopeEntry))
            {
                declared["items"] = Reference(isRequest ? ScopeWish : nameof(ScopeEntry));
            }
        }

        schema.Remove("required");
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        if (IsEnvelope(type.Type) && type.Type.GenericTypeArguments[0] != typeof(Health.HealthAnswer))
        {
            properties["success"] = new JsonObject { ["type"] = "boolean", ["enum"] = new JsonArray(true) };
        }
    }

    /// <summary>Of values with converters of their own the framework knows nothing.</summary>
    private static void Converted(JsonObject declared, Type type, bool mayBeNull)
    {
        if (declared["type"] is not null || declared["$ref"] is not null || declared["oneOf"] is not null)
        {
            return;
        }

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsEnum)
        {
            if (mayBeNull)
            {
                declared["oneOf"] = new JsonArray(new JsonObject { ["type"] = Null }, Reference(bare.Name));
            }
            else
            {
                declared["$ref"] = Reference(bare.Name)["$ref"]!.DeepClone();
            }

            return;
        }

        declared["type"] = mayBeNull ? new JsonArray(Null, "string") : "string";
        if (bare == typeof(DateTimeOffset))
        {
            declared["format"] = "date-time";
        }
    }

    private static bool IsEnvelope(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Hosting.ApiEnvelope<>);

    private static bool IsRequest(Type type) =>
        type.Name.EndsWith("Request", StringComparison.Ordinal) || type == typeof(OutboxState) || type == typeof(Pairing.ScannedPayload);

    private static JsonObject Words(IEnumerable<string> words) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    private static JsonObject Scope(string description, params string[] required) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]),
        ["properties"] = new JsonObject
        {
            ["scope"] = Reference(nameof(PermissionScope)),
            ["expiresAt"] = new JsonObject { ["type"] = new JsonArray(Null, "string"), ["format"] = "date-time" },
        },
    };

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["description"] = "Problem details (RFC 9457).",
        ["required"] = new JsonArray("type", "title", "status", "success"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("Ends in a name for programs to switch on."),
            ["title"] = Text("What is wrong, in a few words."),
            ["status"] = new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            ["detail"] = Text("For the person: what happened and what to do."),
            ["success"] = new JsonObject { ["type"] = "boolean", ["enum"] = new JsonArray(false) },
            ["reason"] = new JsonObject { ["type"] = new JsonArray(Null, "string"), ["description"] = "With pairing-refused: why, in a word." },
            ["minVersion"] = Text("With app-version-unsupported: the oldest version that may sync."),
            ["schemaVersion"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["description"] = "With portal-outdated: what the portal knows." },
            ["renewableFrom"] = new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "With renewal-too-early: since when it can." },
        },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static bool Is(JsonNode? node, string word) => node is JsonValue value && value.TryGetValue<string>(out var text) && text == word;
}
