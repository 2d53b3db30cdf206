using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Data;

/// <summary>
/// Writes an enum as its label and reads exactly that. The framework's converter also reads numbers, and lists of labels that
/// it adds up to another value: <c>"WRITE_NOTES, VIEW_TRANSCRIPT"</c> would become CONTROL_RECORDING.
/// </summary>
public sealed class EnumLabelConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(Label, StringComparer.Ordinal);
    private static readonly Dictionary<T, string> Labels = Values.ToDictionary(pair => pair.Value, pair => pair.Key);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"Not a {typeof(T).Name}. Known: {string.Join(", ", Values.Keys)}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Labels[value]);

    private static string Label(T value) =>
        typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString();
}
