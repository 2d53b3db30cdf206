using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>JSON as a value of a field: equal when it says the same, whatever the order of its members. Of a member named twice the last counts, as in PostgreSQL.</summary>
internal sealed record SyncJson(string Text)
{
    /// <summary>Of lists and objects in each other; an answer adds some of its own.</summary>
    public const int DepthLimit = 40;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    /// <summary>Null: no device could read it.</summary>
    public static SyncJson? Of(JsonElement element)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            try
            {
                if (!Write(writer, element, 0))
                {
                    return null;
                }
            }
            catch (InvalidOperationException)
            {
                return null; // half a character
            }
        }

        return new SyncJson(Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>Of a host, which may keep what no device could read: null.</summary>
    public static SyncJson? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Deep);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Write(Utf8JsonWriter writer, JsonElement element, int depth)
    {
        if (depth > DepthLimit)
        {
            return false;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().GroupBy(m => m.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Key);
                    if (!Write(writer, member.Last().Value, depth + 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndObject();
                return true;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    if (!Write(writer, item, depth + 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndArray();
                return true;
            default:
                element.WriteTo(writer);
                return true;
        }
    }
}

/// <summary>The values of fields: as a device sends and gets them, as they travel to the database, and as its columns hold them.</summary>
internal static partial class SyncValues
{
    private static readonly DateTime Earliest = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A host may write any time that PostgreSQL has; devices get the nearest that a calendar has, but for its two ends, which Npgsql would write back as infinite.</summary>
    public static string Readable(string column) =>
        $"CASE WHEN {column} IS NOT NULL THEN least(greatest({column}, timestamp '0001-01-01 00:00:00.001'), timestamp '9999-12-31 23:59:59.999') END";

    /// <summary>The type of the array in which values travel.</summary>
    public static string Transport(SyncFieldType type) => type switch
    {
        SyncFieldType.Time => "timestamp",
        SyncFieldType.Number => "integer",
        SyncFieldType.Whole => "bigint",
        SyncFieldType.Exact => "numeric",
        SyncFieldType.Near => "double precision",
        SyncFieldType.Truth => "boolean",
        _ => "text",
    };

    /// <summary>Reads a column as it travels. What no device could read, such as a number that is none, is null.</summary>
    public static string Read(SyncField field, string column) => field.Type switch
    {
        SyncFieldType.Time => Readable(field.IsZoned ? $"({column} AT TIME ZONE 'utc')" : column),
        SyncFieldType.Date => $"CASE WHEN {column} IS NOT NULL THEN to_char(least(greatest({column}, date '0001-01-01'), date '9999-12-31'), 'YYYY-MM-DD') END",
        SyncFieldType.Whole => $"{column}::bigint",
        SyncFieldType.Exact => $"CASE WHEN abs({column}) < 1e27 THEN round({column}, 20)::text END",
        SyncFieldType.Near => $"CASE WHEN {column}::double precision BETWEEN '-1.7e308' AND '1.7e308' THEN {column}::double precision END",
        SyncFieldType.Json => $"{column}::text",
        SyncFieldType.List => $"to_jsonb({column})::text",
        SyncFieldType.Number or SyncFieldType.Truth => column,
        _ => field.ColumnType is null ? column : $"{column}::text",
    };

    /// <summary>Writes what travelled into the column.</summary>
    public static string Write(SyncField field, string value) => field switch
    {
        { Type: SyncFieldType.Time, IsZoned: true } => $"{value} AT TIME ZONE 'utc'",
        { Type: SyncFieldType.List } => $"CASE WHEN {value} IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text({value}::jsonb))::{field.ColumnType} END",
        { Type: SyncFieldType.Time or SyncFieldType.Truth } or { ColumnType: null } => value,
        _ => $"{value}::{field.ColumnType}",
    };

    /// <summary>A column of values as an array that <c>unnest</c> takes.</summary>
    public static NpgsqlParameter Column(SyncFieldType type, IEnumerable<object?> values) => type switch
    {
        SyncFieldType.Time => SyncSql.P(values.Select(v => v is DateTime at ? DateTime.SpecifyKind(at, DateTimeKind.Unspecified) : (DateTime?)null).ToArray()),
        SyncFieldType.Number => SyncSql.P(values.Select(v => (int?)v).ToArray()),
        SyncFieldType.Whole => SyncSql.P(values.Select(v => (long?)v).ToArray()),
        SyncFieldType.Exact => SyncSql.P(values.Select(v => (decimal?)v).ToArray()),
        SyncFieldType.Near => SyncSql.P(values.Select(v => (double?)v).ToArray()),
        SyncFieldType.Truth => SyncSql.P(values.Select(v => (bool?)v).ToArray()),
        SyncFieldType.Json or SyncFieldType.List => SyncSql.P(values.Select(v => (v as SyncJson)?.Text).ToArray()),
        _ => SyncSql.P(values.Select(v => (string?)v).ToArray()),
    };

    public static object? Read(this NpgsqlDataReader reader, int column, SyncFieldType type) => reader.IsDBNull(column)
        ? null
        : type switch
        {
            SyncFieldType.Time => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc),
            SyncFieldType.Number => reader.GetInt32(column),
            SyncFieldType.Whole => reader.GetInt64(column),
            SyncFieldType.Exact => decimal.Parse(reader.GetString(column), CultureInfo.InvariantCulture),
            SyncFieldType.Near => reader.GetDouble(column),
            SyncFieldType.Truth => reader.GetBoolean(column),
            SyncFieldType.Json or SyncFieldType.List => SyncJson.Parse(reader.GetString(column)),
            _ => reader.GetString(column),
        };

    /// <summary>Of a device; a value that the field cannot have is named with what it can have.</summary>
    public static object? FromJson(SyncField field, JsonElement value, out string? problem)
    {
        problem = null;
        if (value.ValueKind == JsonValueKind.Null)
        {
            problem = field.IsRequired ? $"{field.Name} cannot be null." : null;
            return null;
        }

        var read = Read(field, value);
        problem = read is null ? $"{field.Name} must be {Wanted(field)}." : null;
        return read;
    }

    /// <summary>Of what the portal itself kept: it was a value of the field once, also one that no device may send.</summary>
    public static object? Kept(SyncField field, JsonElement value) => (field.Type, value.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        (SyncFieldType.Number, JsonValueKind.Number) => value.GetInt32(),
        (SyncFieldType.Whole, JsonValueKind.Number) => value.GetInt64(),
        (SyncFieldType.Time, JsonValueKind.String) => value.GetDateTime().ToUniversalTime(),
        (SyncFieldType.Exact or SyncFieldType.Near or SyncFieldType.Truth or SyncFieldType.Json or SyncFieldType.List, _) => Read(field, value),
        _ => Plain(value),
    };

    /// <summary>As a device gets it.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number / 1.0000000000000000000000000000m), // without the zeros at its end
        double number => JsonValue.Create(number),
        bool truth => JsonValue.Create(truth),
        DateTime at => JsonValue.Create(at),
        SyncJson json => JsonNode.Parse(json.Text),
        _ => throw new InvalidOperationException($"No field has values of {value.GetType()}."),
    };

    private static object? Read(SyncField field, JsonElement value) => field.Type switch
    {
        SyncFieldType.Number => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= field.Limit ? number : null,
        SyncFieldType.Whole => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= -field.Limit - 1 && number <= field.Limit ? number : null,
        SyncFieldType.Exact => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && Math.Abs(number) < 1e27m ? number : null,
        SyncFieldType.Near => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null,
        SyncFieldType.Truth => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null,
        SyncFieldType.Time => Time(value),
        SyncFieldType.Date => Plain(value) is { } day && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? day : null,
        SyncFieldType.Uuid => Plain(value) is { } id && Guid.TryParseExact(id, "D", out var guid) ? guid.ToString() : null,
        SyncFieldType.Json => IsStorable(value) ? SyncJson.Of(value) : null,
        SyncFieldType.List => value.ValueKind == JsonValueKind.Array && IsStorable(value)
            && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) ? SyncJson.Of(value) : null,
        SyncFieldType.Parent when field.ColumnType == "uuid" => Plain(value) is { } id && Guid.TryParseExact(id, "D", out var guid) ? guid.ToString() : null,
        SyncFieldType.Parent when field.ColumnType == "integer" => Plain(value) is { } id && int.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        SyncFieldType.Parent when field.ColumnType == "bigint" => Plain(value) is { } id && long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        _ => Plain(value) is { } text && text.Length <= field.Limit && IsStorable(text) && (!field.IsRequired || !string.IsNullOrWhiteSpace(text)) ? text : null,
    };

    private static string Wanted(SyncField field) => field.Type switch
    {
        SyncFieldType.Number => $"a whole number from 0 to {field.Limit}",
        SyncFieldType.Whole => string.Create(CultureInfo.InvariantCulture, $"a whole number of at most {field.Limit}"),
        SyncFieldType.Exact or SyncFieldType.Near => "a number",
        SyncFieldType.Truth => "true or false",
        SyncFieldType.Time => "a time such as 2030-01-01T08:00:00Z, with its offset, between 1970 and 2200",
        SyncFieldType.Date => "a day such as 2030-01-31",
        SyncFieldType.Uuid => "a UUID",
        SyncFieldType.Json => $"JSON without the character U+0000, nested at most {SyncJson.DepthLimit} deep",
        SyncFieldType.List => "a list of texts, numbers, true or false",
        SyncFieldType.Parent when field.ColumnType is not null => $"the id of a {field.Parent}",
        _ => $"a text of at most {field.Limit} characters{(field.IsRequired ? ", and not empty" : "")}",
    };

    private static DateTime? Time(JsonElement value)
    {
        if (Plain(value) is not { } text || !WithOffset().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || time.UtcDateTime < Earliest || time.UtcDateTime >= Latest)
        {
            return null;
        }

        return new DateTime(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }

    /// <summary>Null also for text that is not valid Unicode, such as half a surrogate pair.</summary>
    public static string? Plain(JsonElement value)
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
    public static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Plain(value) is { } text && IsStorable(text),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.Object => value.EnumerateObject().All(member => IsStorable(member.Name) && IsStorable(member.Value)),
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number),
        _ => true,
    };

    [GeneratedRegex("T.*(Z|[+-][0-9]{2}:?[0-9]{2})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex WithOffset();
}
