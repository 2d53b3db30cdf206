using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Core.Sync.Protocol;

namespace AdminPortal.Web.Sync;

/// <summary>
/// Reads the body of a push so that one operation that is nested too deep, a clock that is no time or a count that is no number of this
/// world does not take the other operations with it.
/// </summary>
internal static class PushReading
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { MaxDepth = PushBatch.MaxDepth, Converters = { new AnyTime(), new AnyCount() } };

    /// <exception cref="BadHttpRequestException">It is no push.</exception>
    public static async Task<PushRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Send application/json.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await request.ReadFromJsonAsync<PushRequest>(Options, cancellationToken) ?? throw new BadHttpRequestException("The body is null.");
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("The body is not a push.", wrong);
        }
    }

    /// <summary>The device's clock decides nothing: what is no time is not known.</summary>
    private sealed class AnyTime : JsonConverter<DateTimeOffset?>
    {
        public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.TrySkip(); // of a body that still arrives; the whole value is there
                return null;
            }

            return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : null;
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class AnyCount : JsonConverter<long?>
    {
        public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when reader.TryGetInt64(out var count) => count,
            JsonTokenType.Number => reader.TryGetDouble(out var number) && number < 0 ? -1 : long.MaxValue,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
