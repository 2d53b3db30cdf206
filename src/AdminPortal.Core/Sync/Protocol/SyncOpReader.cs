using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Reads operations one by one, so that a broken one never takes others with it.</summary>
internal static class SyncOpReader
{
    /// <summary>The largest operation, in bytes of UTF-8.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>Of objects and lists in each other.</summary>
    private const int DepthLimit = 64;

    private const int IdLimit = 128;

    /// <summary>Null: it has no usable <c>opId</c>, so there is nothing to answer to.</summary>
    public static ReadOp? Read(SyncEntitySet entities, JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object || Text(source, "opId") is not { Length: > 0 and <= IdLimit } opId || !SyncValues.IsStorable(opId))
        {
            return null;
        }

        var hash = Hash(source);
        try
        {
            return IsDeep(source) ? new ReadOp(opId, hash, Shallow(source), null, new SyncProblem(SyncProblem.Validation, $"It is nested more than {DepthLimit} deep.")) // first: nobody can read such a one again
                : Encoding.UTF8.GetByteCount(source.GetRawText()) > Limit
                ? new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.TooLarge, $"An operation has at most {Limit / 1024} KB."))
                : new ReadOp(opId, hash, source, Checked(entities, opId, hash, source), null);
        }
        catch (InvalidOpException invalid)
        {
            return new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.Validation, invalid.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or JsonException)
        {
            return new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.Validation, "It holds text that is not valid Unicode."));
        }
    }

    /// <summary>True: an entity or a field of it is not known, or not to be written.</summary>
    public static bool NamesUnknown(SyncEntitySet entities, JsonElement source)
    {
        try
        {
            return source.ValueKind == JsonValueKind.Object && Text(source, "entity") is { } name
                && (entities.Find(name) is not { } entity || (source.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Object
                    && fields.EnumerateObject().Any(field => entity.Field(field.Name) is not { IsReadOnly: false })));
        }
        catch (InvalidOperationException)
        {
            return false; // a name that is not valid Unicode is nobody's
        }
    }

    private static bool IsDeep(JsonElement source)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(source.GetRawText()), new JsonReaderOptions { MaxDepth = PushBatch.MaxDepth });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= DepthLimit)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What can be kept of an operation that is nested too deep.</summary>
    private static JsonElement Shallow(JsonElement source) => JsonSerializer.SerializeToElement(source.EnumerateObject()
        .Where(p => p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number).DistinctBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));

    private static SyncOp Checked(SyncEntitySet entities, string opId, byte[] hash, JsonElement source)
    {
        var entity = entities.Find(Text(source, "entity")) ?? throw new InvalidOpException($"entity must be {entities.Names}.");
        var act = Text(source, "op") switch
        {
            "create" => SyncAct.Create,
            "update" => SyncAct.Update,
            "delete" => SyncAct.Delete,
            _ => throw new InvalidOpException("op must be create, update or delete."),
        };
        var (id, clientId) = (Id(source, "id"), Id(source, "clientId"));
        if (act == SyncAct.Create ? clientId is null : clientId is null && id is null)
        {
            throw new InvalidOpException(act == SyncAct.Create ? "A create has a clientId." : "Name the row by id or clientId.");
        }

        if (entity.Columns.IdType == "uuid" && Guid.TryParseExact(id, "D", out var canonical))
        {
            id = canonical.ToString();
        }

        if (entity.Columns.ClientIdType == "uuid" && clientId is not null && !(Guid.TryParseExact(clientId, "D", out var given) && given.ToString() == clientId))
        {
            throw new InvalidOpException($"The clientId of a {entity.Name} must be a UUID in lower case.");
        }

        if (act == SyncAct.Create && id is not null && WrongId(entity, id) is { } wrong)
        {
            throw new InvalidOpException(wrong);
        }

        var parents = Parents(entities, source, entity);
        var values = Values(source, entity, act, parents);
        var named = values.Keys.Where(name => source.GetProperty("fields").TryGetProperty(name, out _)).ToHashSet(StringComparer.Ordinal);
        var (baseVersion, ifVersion) = (Version(source, "baseVersion"), Version(source, "ifVersion"));
        var seen = ifVersion ?? baseVersion ?? 0; // who names the version that they decided by has seen it
        return new SyncOp(opId, hash, source, entity, act, id, clientId, parents, seen, values, named, ifVersion);
    }

    private static Dictionary<string, object?> Values(JsonElement source, SyncEntity entity, SyncAct act, Dictionary<string, string> parents)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (source.TryGetProperty("fields", out var fields) && fields.ValueKind is not JsonValueKind.Null)
        {
            if (fields.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidOpException("fields must be an object.");
            }

            foreach (var property in fields.EnumerateObject())
            {
                var field = entity.Field(property.Name) is { IsReadOnly: false } writable ? writable : throw new InvalidOpException($"{entity.Name} has no field of that name, or devices may not write it. It has {string.Join(", ", entity.Fields.Where(f => !f.IsReadOnly).Select(f => f.Name))}.");
                var value = SyncValues.FromJson(field, property.Value, out var problem);
                values[field.Name] = problem is null ? value : throw new InvalidOpException(problem);
            }
        }

        if (act == SyncAct.Create)
        {
            foreach (var field in entity.Fields.Where(f => f is { IsReadOnly: false, HasDefault: false } && !values.ContainsKey(f.Name)))
            {
                values[field.Name] = field is { IsRequired: true, Default: null } && !parents.ContainsKey(field.Name) ? throw new InvalidOpException($"{field.Name} is missing.") : field.Default;
            }
        }

        return act == SyncAct.Update && values.Count == 0 && parents.Count == 0 ? throw new InvalidOpException("An update changes at least one field.") : values;
    }

    private static string? WrongId(SyncEntity entity, string id) => entity.Columns switch
    {
        { HasSequence: true } => $"The ids of {entity.Name} are given by the server: leave the id out.",
        { IdType: "uuid" } when !Guid.TryParseExact(id, "D", out var guid) || guid.ToString() != id => "id must be a UUID in lower case.",
        _ => null,
    };

    /// <summary>By field, the client ids of the rows that it names.</summary>
    private static Dictionary<string, string> Parents(SyncEntitySet entities, JsonElement source, SyncEntity entity)
    {
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in entity.Parents.Where(f => !f.IsReadOnly))
        {
            if (Id(source, field.ParentClientId) is { } clientId)
            {
                parents[field.Name] = clientId;
            }
        }

        foreach (var other in entities.All.SelectMany(e => e.Parents).Where(f => !entity.Parents.Any(own => own.ParentClientId == f.ParentClientId)))
        {
            if (Id(source, other.ParentClientId) is not null)
            {
                throw new InvalidOpException($"{other.ParentClientId} does not belong to {entity.Name}.");
            }
        }

        return parents;
    }

    private static long? Version(JsonElement source, string name)
    {
        if (!source.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var version) && version >= 0
            ? version
            : throw new InvalidOpException($"{name} must be a version that was pulled, or 0.");
    }

    private static string? Id(JsonElement source, string name)
    {
        if (!source.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return SyncValues.Plain(value) is { Length: > 0 and <= IdLimit } id && SyncValues.IsStorable(id) ? id : throw new InvalidOpException($"{name} must be a text of 1 to {IdLimit} characters.");
    }

    /// <summary>Null also where no database could keep it.</summary>
    public static string? StorableText(JsonElement source, string name) => Text(source, name) is { } text && SyncValues.IsStorable(text) ? text : null;

    private static string? Text(JsonElement source, string name) => source.TryGetProperty(name, out var value) ? SyncValues.Plain(value) : null;

    /// <summary>The members in a fixed order, so that a client may write them in any.</summary>
    private static byte[] Hash(JsonElement source)
    {
        try
        {
            return OrderedHash(source);
        }
        catch (InvalidOperationException)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes(source.GetRawText())); // a name that is not valid Unicode has no order
        }
    }

    private static byte[] OrderedHash(JsonElement source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in (string[])["entity", "op", "id", "clientId", "taskClientId"])
        {
            Add(source.TryGetProperty(name, out var value) ? value.GetRawText() : "null");
        }

        foreach (var parent in source.EnumerateObject().Where(p => p.Name is not ("clientId" or "taskClientId") && p.Name.EndsWith("ClientId", StringComparison.Ordinal)).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            Add(parent.Name);
            Add(parent.Value.GetRawText());
        }

        if (source.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject().OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                Add(field.Name);
                Add(field.Value.GetRawText());
            }
        }

        return hash.GetHashAndReset();

        void Add(string part)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
    }

    private sealed class InvalidOpException(string message) : Exception(message);
}
