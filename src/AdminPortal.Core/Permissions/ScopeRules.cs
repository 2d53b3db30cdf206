using AdminPortal.Core.Activity;
using AdminPortal.Core.Policies;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What holds for every set of scopes, whether bound to a code, asked for or granted later.</summary>
internal static class ScopeRules
{
    /// <summary>The sentence that says what is wrong with the set, or null.</summary>
    public static string? Check(IReadOnlyList<ScopeGrant> grants, TimeProvider time)
    {
        if (grants.Select(g => g.Scope).Distinct().Count() != grants.Count)
        {
            return "A scope is named twice.";
        }

        if (grants.Any(g => !Enum.IsDefined(g.Scope)))
        {
            return "A scope is not known.";
        }

        var past = grants.FirstOrDefault(g => g.ExpiresAt <= time.GetUtcNow());
        return past is null ? null : $"The expiry of {ScopeNames.Of(past.Scope)} lies in the past.";
    }

    /// <summary>The scopes among these that only an admin can grant, where the actor is none. Empty: the actor may grant them all.</summary>
    public static IReadOnlyList<PermissionScope> NeedAdmin(Actor actor, IEnumerable<ScopeGrant> grants, HeldPolicies policies) =>
        actor.IsAdmin ? [] : [.. grants.Select(g => g.Scope).Where(scope => IsForAdmins(scope, policies)).Distinct().Order()];

    public static bool IsForAdmins(PermissionScope scope, HeldPolicies policies) =>
        scope == PermissionScope.FullAccess || policies.AdminScopes.Contains(scope);
}
