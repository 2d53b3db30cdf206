using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>How results are kept in the ledger: as the API writes them.</summary>
internal static class PushJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
