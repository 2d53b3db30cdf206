using AdminPortal.Core.Activity;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What holds for every set of scopes, whether bound to a code or granted later.</summary>
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

    /// <summary>FULL_ACCESS can be granted by an admin only.</summary>
    public static bool MayGrant(Actor actor, IEnumerable<ScopeGrant> grants) =>
        actor.IsAdmin || grants.All(g => g.Scope != PermissionScope.FullAccess);
}
