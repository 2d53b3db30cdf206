using System.Text.Json;
using AdminPortal.Core.Permissions;

namespace AdminPortal.Core.Pairing;

/// <summary>How the scopes bound to a code are kept in <c>pairing_sessions.scopes</c>.</summary>
internal static class ScopeJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write(IReadOnlyList<ScopeGrant> grants) => JsonSerializer.Serialize(grants, Options);

    public static IReadOnlyList<ScopeGrant> Read(string json) => JsonSerializer.Deserialize<List<ScopeGrant>>(json, Options) ?? [];
}
