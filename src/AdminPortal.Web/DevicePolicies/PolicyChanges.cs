using AdminPortal.Core.Policies;

namespace AdminPortal.Web.DevicePolicies;

/// <summary>How many settings of a policy differ between two drafts.</summary>
internal static class PolicyChanges
{
    public static int Count(PolicySettings saved, PolicySettings draft) => (saved, draft) switch
    {
        (PolicySettings.Unseen a, PolicySettings.Unseen b) => Differ(a.WarnAfterDays, b.WarnAfterDays) + Differ(a.ActAfterDays, b.ActAfterDays) + Differ(a.Act, b.Act),
        (PolicySettings.LongestPairing a, PolicySettings.LongestPairing b) => Differ(a.Days, b.Days) + Differ(a.ShortenExisting, b.ShortenExisting),
        (PolicySettings.DevicesPerUser a, PolicySettings.DevicesPerUser b) => Differ(a.Maximum, b.Maximum),
        (PolicySettings.AllowedTypes a, PolicySettings.AllowedTypes b) => Differ(a.Types, b.Types),
        (PolicySettings.AdminScopes a, PolicySettings.AdminScopes b) => Differ(a.Scopes, b.Scopes),
        _ => 1,
    };

    private static int Differ<T>(T saved, T draft) => EqualityComparer<T>.Default.Equals(saved, draft) ? 0 : 1;

    private static int Differ<T>(IReadOnlyList<T> saved, IReadOnlyList<T> draft) => saved.Except(draft).Count() + draft.Except(saved).Count();
}
