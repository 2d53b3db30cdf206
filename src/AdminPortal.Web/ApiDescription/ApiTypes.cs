using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace AdminPortal.Web.ApiDescription;

/// <summary>The types behind the schemas of the API's description, by the schemas' names.</summary>
internal sealed class ApiTypes
{
    private readonly ConcurrentDictionary<string, JsonTypeInfo> types = new(StringComparer.Ordinal);

    public void Add(JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name)
        {
            types.TryAdd(name, type);
        }
    }

    public JsonTypeInfo? Find(string schema) => types.GetValueOrDefault(schema);
}
