using AdminPortal.Core.Activity;
using AdminPortal.Core.Policies;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Permissions;

/// <summary>What holds for every set of scopes, whether bound to a code, asked for or granted later.</summary>
internal static class ScopeRules
{
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

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

        return grants.Select(g => EndProblem(g.ExpiresAt, $"The expiry of {ScopeNames.Of(g.Scope)}", time)).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>The sentence that says why something cannot end then, or null. The far end of the calendar is no date to a database: it means "never" there.</summary>
    /// <param name="what">What ends, as the sentence begins.</param>
    public static string? EndProblem(DateTimeOffset? end, string what, TimeProvider time) =>
        end <= time.GetUtcNow() ? $"{what} lies in the past."
        : end >= Latest ? $"{what} lies after the year {Latest.Year - 1}: leave it out where there is no end."
        : null;

    /// <summary>The scopes among these that only an admin can grant, where the actor is none. Empty: the actor may grant them all.</summary>
    public static IReadOnlyList<PermissionScope> NeedAdmin(Actor actor, IEnumerable<ScopeGrant> grants, HeldPolicies policies) =>
        actor.IsAdmin ? [] : [.. grants.Select(g => g.Scope).Where(scope => IsForAdmins(scope, policies)).Distinct().Order()];

    public static bool IsForAdmins(PermissionScope scope, HeldPolicies policies) =>
        scope == PermissionScope.FullAccess || policies.AdminScopes.Contains(scope);
}
