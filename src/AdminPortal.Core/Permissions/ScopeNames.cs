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

    public static string Of(PermissionScope scope) => Names[scope];
}
