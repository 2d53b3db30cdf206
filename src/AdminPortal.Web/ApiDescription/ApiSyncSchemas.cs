using System.Text.Json.Nodes;
using AdminPortal.Core.Sync.Protocol;

namespace AdminPortal.Web.ApiDescription;

/// <summary>The schemas of sync: of each entity its row, its operations and its change, from what the portal itself checks by.</summary>
internal static class ApiSyncSchemas
{
    private const int IdLimit = 128;

    public static void AddTo(JsonObject schemas, IReadOnlyList<SyncShape> shapes)
    {
        foreach (var shape in shapes)
        {
            var name = Title(shape.Entity);
            schemas[$"{name}Fields"] = Row(shape);
            schemas[$"{name}Change"] = Change(shape, name);
            schemas[$"Create{name}"] = Operation(shape, "create", Fields(shape, isCreate: true));
            schemas[$"Update{name}"] = Operation(shape, "update", Fields(shape, isCreate: false));
            schemas[$"Delete{name}"] = Operation(shape, "delete", null);
            schemas[$"{name}Operation"] = Union("op", [("create", $"Create{name}"), ("update", $"Update{name}"), ("delete", $"Delete{name}")]);
        }

        schemas["PushOperation"] = Union("entity", [.. shapes.Select(shape => (shape.Entity, $"{Title(shape.Entity)}Operation"))]);
        schemas["PulledChange"] = Union("entity", [.. shapes.Select(shape => (shape.Entity, $"{Title(shape.Entity)}Change"))]);
        schemas["FieldValues"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Values of a row, by field.",
            ["additionalProperties"] = ApiSchemas.Reference("JsonValue"),
        };
        schemas["JsonValue"] = new JsonObject
        {
            ["description"] = "Any value.",
            ["oneOf"] = new JsonArray(
                Of("null"), Of("string"), Of("number"), Of("boolean"),
                new JsonObject { ["type"] = "array", ["items"] = ApiSchemas.Reference("JsonValue") },
                new JsonObject { ["type"] = "object", ["additionalProperties"] = ApiSchemas.Reference("JsonValue") }),
        };

        Set("PushRequest", "ops", new JsonObject { ["type"] = "array", ["maxItems"] = PushBatch.Limit, ["items"] = ApiSchemas.Reference("PushOperation"), ["description"] = "In the order in which they were done." });
        Set("PushResult", "row", ApiSchemas.Reference("FieldValues"));
        Set("PushResult", "lost", ApiSchemas.Reference("FieldValues"));
        Set("DeviceConflict", "lost", ApiSchemas.Reference("FieldValues"));
        Set("ReportRequest", "details", new JsonObject { ["type"] = new JsonArray("null", "object"), ["additionalProperties"] = ApiSchemas.Reference("JsonValue"), ["description"] = "Anything else that helps." });
        Set("DeviceConflict", "entity", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. shapes.Select(shape => JsonValue.Create(shape.Entity))]) });

        void Set(string schema, string property, JsonObject value) => schemas[schema]!["properties"]![property] = value;
    }

    private static JsonObject Row(SyncShape shape) => Object(
        $"The fields of a row of {shape.Entity}.",
        shape.Fields.Select(f => f.Name),
        shape.Fields.Select(f => (f.Name, Value(f, isInput: false))));

    private static JsonObject Change(SyncShape shape, string name) => Object(
        $"A row of {shape.Entity} as it is now. deleted: it is no more, and fields is null.",
        ["entity", "id", "clientId", "version", "deleted", "fields"],
        [
            ("entity", Word(shape.Entity)), ("id", Of("string")), ("clientId", new JsonObject { ["type"] = new JsonArray("null", "string") }), ("version", Version()), ("deleted", Of("boolean")),
            ("fields", new JsonObject { ["oneOf"] = new JsonArray(Of("null"), ApiSchemas.Reference($"{name}Fields")) }),
        ]);

    private static JsonObject Operation(SyncShape shape, string op, JsonObject? fields)
    {
        var properties = new List<(string, JsonObject)> { ("opId", Id()), ("seq", Version()), ("entity", Word(shape.Entity)), ("op", Word(op)), ("clientId", Id()), ("id", Id()) };
        if (op != "create")
        {
            properties.Add(("baseVersion", Version()));
            properties.Add(("ifVersion", Version()));
        }

        if (fields is not null)
        {
            properties.Add(("fields", fields));
            properties.AddRange(shape.Fields.Where(f => f is { ParentClientId: not null, IsReadOnly: false }).Select(f => (f.ParentClientId!, Id())));
        }

        string[] required = ["opId", "entity", "op", .. op == "create" ? (string[])["clientId", "fields"] : op == "update" ? ["fields"] : []];
        var what = op == "create" ? "Makes a row" : op == "update" ? "Changes a row, named by id or clientId," : "Removes a row, named by id or clientId,";
        return Object($"{what} of {shape.Entity}.", required, properties);
    }

    private static JsonObject Fields(SyncShape shape, bool isCreate) => Object(
        isCreate ? "What is absent has its default, or is null." : "The fields that changed, and no others.",
        isCreate ? shape.Fields.Where(f => f.IsWanted).Select(f => f.Name) : [],
        shape.Fields.Where(f => !f.IsReadOnly).Select(f => (f.Name, Value(f, isInput: true))));

    private static JsonObject Value(SyncShapeField field, bool isInput)
    {
        if (field.Kind == "json")
        {
            return ApiSchemas.Reference("JsonValue");
        }

        var value = new JsonObject { ["type"] = field.IsRequired ? JsonValue.Create(field.Kind) : new JsonArray("null", field.Kind) };
        if (field.Format is not null)
        {
            value["format"] = field.Format;
        }
        else if (field.Kind == "array")
        {
            value["items"] = ApiSchemas.Reference("JsonValue");
        }
        else if (isInput && field.Choices is { } choices)
        {
            value["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice)), .. field.IsRequired ? (JsonNode?[])[] : [null]]);
        }
        else if (isInput && field is { Kind: "integer", Limit: > 0 })
        {
            (value["minimum"], value["maximum"]) = (0, field.Limit);
        }
        else if (isInput && field.Limit > 0)
        {
            value["maxLength"] = field.Limit;
        }

        return value;
    }

    private static JsonObject Union(string by, (string Word, string Schema)[] choices) => new()
    {
        ["oneOf"] = new JsonArray([.. choices.Select(choice => ApiSchemas.Reference(choice.Schema))]),
        ["discriminator"] = new JsonObject
        {
            ["propertyName"] = by,
            ["mapping"] = new JsonObject(choices.Select(choice => KeyValuePair.Create(choice.Word, (JsonNode?)$"#/components/schemas/{choice.Schema}"))),
        },
    };

    private static JsonObject Object(string description, IEnumerable<string> required, IEnumerable<(string Name, JsonObject Schema)> properties)
    {
        var schema = new JsonObject { ["type"] = "object", ["description"] = description };
        var names = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        if (names.Count > 0)
        {
            schema["required"] = names;
        }

        schema["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Schema)));
        return schema;
    }

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject Id() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = IdLimit };

    private static JsonObject Version() => new() { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0 };

    private static JsonObject Word(string word) => new() { ["type"] = "string", ["enum"] = new JsonArray(word) };

    private static string Title(string entity) => char.ToUpperInvariant(entity[0]) + entity[1..];
}
