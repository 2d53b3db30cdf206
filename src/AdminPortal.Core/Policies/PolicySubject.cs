namespace AdminPortal.Core.Policies;

/// <summary>Whom an exemption is for: the words of <c>policy_exemptions.subject</c>.</summary>
public static class PolicySubject
{
    /// <summary>All devices of a person, those of later too.</summary>
    public const string User = "user";

    /// <summary>One pairing.</summary>
    public const string Pairing = "pairing";
}
