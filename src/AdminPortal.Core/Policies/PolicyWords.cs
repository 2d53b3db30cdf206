using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Policies;

/// <summary>What refusals by policy say, to people and to programs.</summary>
public static class PolicyWords
{
    /// <summary>Names the types that can be paired; empty when all can.</summary>
    public static string Allowed(HeldPolicies policies) =>
        policies.AllowedTypes is { } types ? $"Allowed: {string.Join(", ", types.Select(DeviceTypeLabels.Of))}." : "";

    /// <summary>For pages: which of the wanted scopes only an administrator grants.</summary>
    public static string NeedAdmin(IEnumerable<PermissionScope> scopes) => $"Only an administrator can grant: {string.Join(", ", scopes.Select(ScopeLabels.Of))}.";

    /// <summary>For programs: the same by the scopes' names.</summary>
    public static string NeedAdminByName(IEnumerable<PermissionScope> scopes) => $"Only an admin can grant {string.Join(", ", scopes.Select(ScopeNames.Of))}.";
}
