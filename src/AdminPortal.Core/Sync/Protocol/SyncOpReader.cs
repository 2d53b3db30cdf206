using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Reads operations one by one, so that a broken one never takes others with it.</summary>
internal static partial class SyncOpReader
{
    /// <summary>The largest operation, in bytes of UTF-8.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>Of objects and lists in each other.</summary>
    private const int DepthLimit = 64;

    private const int IdLimit = 128;
    private static readonly DateTime Earliest = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Null: it has no usable <c>opId</c>, so there is nothing to answer to.</summary>
    public static ReadOp? Read(JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object || Text(source, "opId") is not { Length: > 0 and <= IdLimit } opId || !IsStorable(opId))
        {
            return null;
        }

        var hash = Hash(source);
        try
        {
            return IsDeep(source) ? new ReadOp(opId, hash, Shallow(source), null, new SyncProblem(SyncProblem.Validation, $"It is nested more than {DepthLimit} deep.")) // first: nobody can read such a one again
                : Encoding.UTF8.GetByteCount(source.GetRawText()) > Limit
                ? new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.TooLarge, $"An operation has at most {Limit / 1024} KB."))
                : new ReadOp(opId, hash, source, Checked(opId, hash, source), null);
        }
        catch (InvalidOpException invalid)
        {
            return new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.Validation, invalid.Message));
        }
        catch (InvalidOperationException)
        {
            return new ReadOp(opId, hash, source, null, new SyncProblem(SyncProblem.Validation, "It holds text that is not valid Unicode."));
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

    private static SyncOp Checked(string opId, byte[] hash, JsonElement source)
    {
        var entity = SyncEntity.Find(Text(source, "entity")) ?? throw new InvalidOpException("entity must be task or focusSession.");
        var act = Text(source, "op") switch
        {
            "create" => SyncAct.Create,
            "update" => SyncAct.Update,
            "delete" => SyncAct.Delete,
            _ => throw new InvalidOpException("op must be create, update or delete."),
        };
        var (id, clientId, taskClientId) = (Id(source, "id"), Id(source, "clientId"), Id(source, "taskClientId"));
        if (act == SyncAct.Create ? clientId is null : clientId is null && id is null)
        {
            throw new InvalidOpException(act == SyncAct.Create ? "A create has a clientId." : "Name the row by id or clientId.");
        }

        if (taskClientId is not null && entity != SyncEntity.FocusSession)
        {
            throw new InvalidOpException("taskClientId belongs to focus sessions.");
        }

        var values = Values(source, entity, act, taskClientId is not null);
        var named = values.Keys.Where(name => source.GetProperty("fields").TryGetProperty(name, out _)).ToHashSet(StringComparer.Ordinal);
        var (baseVersion, ifVersion) = (Version(source, "baseVersion"), Version(source, "ifVersion"));
        var seen = ifVersion ?? baseVersion ?? 0; // who names the version that they decided by has seen it
        return new SyncOp(opId, hash, source, entity, act, id, clientId, taskClientId, seen, values, named, ifVersion);
    }

    private static Dictionary<string, object?> Values(JsonElement source, SyncEntity entity, SyncAct act, bool hasTask)
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
                var field = entity.Field(property.Name) ?? throw new InvalidOpException($"{entity.Name} has no field of that name, or devices may not write it. It has {string.Join(", ", entity.Fields.Select(f => f.Name))}.");
                values[field.Name] = Value(field, property.Value);
            }
        }

        if (act == SyncAct.Create)
        {
            foreach (var field in entity.Fields.Where(f => !values.ContainsKey(f.Name)))
            {
                values[field.Name] = field is { IsRequired: true, Default: null } ? throw new InvalidOpException($"{field.Name} is missing.") : field.Default;
            }
        }

        return act == SyncAct.Update && values.Count == 0 && !hasTask ? throw new InvalidOpException("An update changes at least one field.") : values;
    }

    private static object? Value(SyncField field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return field.IsRequired ? throw new InvalidOpException($"{field.Name} cannot be null.") : null;
        }

        return field.Type switch
        {
            SyncFieldType.Number => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= field.Limit
                ? number
                : throw new InvalidOpException($"{field.Name} must be a whole number from 0 to {field.Limit}."),
            SyncFieldType.Time => Time(value) ?? throw new InvalidOpException($"{field.Name} must be a time such as 2030-01-01T08:00:00Z, with its offset, between 1970 and 2200."),
            _ => Plain(value) is { } text && text.Length <= field.Limit && IsStorable(text) && (!field.IsRequired || !string.IsNullOrWhiteSpace(text))
                ? text
                : throw new InvalidOpException($"{field.Name} must be a text of at most {field.Limit} characters{(field.IsRequired ? ", and not empty" : "")}."),
        };
    }

    private static DateTime? Time(JsonElement value)
    {
        if (Plain(value) is not { } text || !WithOffset().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || time.UtcDateTime < Earliest || time.UtcDateTime >= Latest)
        {
            return null;
        }

        return new DateTime(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
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

        return Plain(value) is { Length: > 0 and <= IdLimit } id && IsStorable(id) ? id : throw new InvalidOpException($"{name} must be a text of 1 to {IdLimit} characters.");
    }

    /// <summary>Null also where no database could keep it.</summary>
    public static string? StorableText(JsonElement source, string name) => Text(source, name) is { } text && IsStorable(text) ? text : null;

    private static string? Text(JsonElement source, string name) => source.TryGetProperty(name, out var value) ? Plain(value) : null;

    /// <summary>Null also for text that is not valid Unicode, such as half a surrogate pair.</summary>
    private static string? Plain(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>PostgreSQL has no text with the character U+0000.</summary>
    private static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);

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

    [GeneratedRegex("T.*(Z|[+-][0-9]{2}:?[0-9]{2})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex WithOffset();

    private sealed class InvalidOpException(string message) : Exception(message);
}
