using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>The names of scopes as the database, the API and the guides write them: <c>READ_PATIENT_DATA</c>.</summary>
public static class ScopeNames
{
    private static readonly FrozenDictionary<PermissionScope, string> Names = Enum.GetValues<PermissionScope>().ToFrozenDictionary(
        scope => scope,
        scope => typeof(PermissionScope).GetField(scope.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name);

    private static readonly FrozenDictionary<string, PermissionScope> Scopes = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Of(PermissionScope scope) => Names[scope];

    /// <summary>Null for a text that is no scope's name.</summary>
    public static PermissionScope? Parse(string name) => Scopes.TryGetValue(name, out var scope) ? scope : null;
}
