namespace AdminPortal.Core.Policies;

/// <summary>The words of <c>policy_warnings.act</c>.</summary>
internal static class PolicyActWords
{
    public const string Quarantine = "quarantine";
    public const string Revoke = "revoke";

    public static string Of(UnseenAct act) => act == UnseenAct.Revoke ? Revoke : Quarantine;
}
