using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Web.Introspection;

/// <summary>
/// Reads a token whatever is in it: services pass on what they were sent. Half of a character that takes two is no text and no
/// token either, and is read as an empty one.
/// </summary>
internal sealed class TokenTextConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A token is a text.");
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
