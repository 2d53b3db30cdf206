using System.Text.Json;
using System.Text.Json.Serialization;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Permissions;

/// <summary>A scope in a request: <c>"SCOPE"</c>, or <c>{"scope":"SCOPE","expiresAt":"2030-01-01T00:00:00Z"}</c>.</summary>
/// <param name="ExpiresAt">With an offset or Z; absent: as long as the pairing lasts.</param>
[JsonConverter(typeof(Converter))]
public sealed record ScopeEntry(PermissionScope Scope, DateTimeOffset? ExpiresAt = null)
{
    public ScopeGrant ToGrant() => new(Scope, ExpiresAt);

    private sealed class Converter : JsonConverter<ScopeEntry>
    {
        public override ScopeEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return new ScopeEntry(JsonSerializer.Deserialize<PermissionScope>(ref reader, options));
            }

            var full = JsonSerializer.Deserialize<Full>(ref reader, options);
            return full?.Scope is { } scope ? new ScopeEntry(scope, full.ExpiresAt) : throw new JsonException("A permission needs a scope.");
        }

        public override void Write(Utf8JsonWriter writer, ScopeEntry value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Full(value.Scope, value.ExpiresAt), options);
    }

    private sealed record Full(PermissionScope? Scope, [property: JsonConverter(typeof(OffsetTimes))] DateTimeOffset? ExpiresAt);
}
