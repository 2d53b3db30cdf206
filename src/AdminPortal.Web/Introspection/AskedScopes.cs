using AdminPortal.Core.Permissions;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Web.Introspection;

/// <summary>The scopes that a service or a proxy asks for: one or several, all of them needed.</summary>
internal static class AskedScopes
{
    public const char Separator = ' ';

    /// <summary>For who sent something else.</summary>
    public static string Wanted { get; } = $"scope is one or more of {string.Join(", ", ScopeLabels.All.Select(ScopeNames.Of))}, separated by spaces, or absent.";

    /// <summary>None when none were asked for; null when one is unknown or there is none in a <c>scope</c> that is there.</summary>
    public static List<PermissionScope>? Parse(string[] scopes)
    {
        List<PermissionScope> asked = [];
        foreach (var words in scopes.Select(scope => scope.Split(Separator, StringSplitOptions.RemoveEmptyEntries)))
        {
            var known = Array.ConvertAll(words, ScopeNames.Parse);
            if (known is [] || known.Contains(null))
            {
                return null;
            }

            asked.AddRange(known.OfType<PermissionScope>());
        }

        return asked;
    }
}
