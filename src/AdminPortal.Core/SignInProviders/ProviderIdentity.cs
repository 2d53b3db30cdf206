namespace AdminPortal.Core.SignInProviders;

/// <summary>Who has signed in at a provider, as its signed token says.</summary>
/// <param name="Provider">The name of the provider in the settings.</param>
/// <param name="Issuer">With <paramref name="Subject"/> the one lasting name of a person: e-mail addresses are given to others.</param>
/// <param name="Methods">Values of <c>amr</c> and <c>acr</c>.</param>
/// <param name="SessionId">The provider's own name for its session, when it has one.</param>
/// <param name="Token">The signed token, which the provider wants to see again at sign-out.</param>
public sealed record ProviderIdentity(
    string Provider, string Issuer, string Subject, string? Email, bool EmailVerified, IReadOnlyList<string> Roles, IReadOnlyList<string> Methods,
    string? SessionId, string? Token)
{
    public override string ToString() => $"{Provider} {Subject}";
}

/// <summary>The sign-in at a provider from which a session of the portal came.</summary>
/// <param name="AuthenticatedAt">When the person showed the provider that it is them, if that was before; null: it did not say, or just now.</param>
public sealed record ProviderSession(string Provider, string Subject, string? SessionId, string? Token, bool HasSecondFactor, DateTimeOffset? AuthenticatedAt = null)
{
    public override string ToString() => Provider;
}

/// <summary>Why somebody who signed in at a provider is not let in. The names are part of addresses.</summary>
public enum ProviderRefusal
{
    /// <summary>The provider did not answer, or not as one.</summary>
    Away,

    /// <summary>The provider refused, or the person went back.</summary>
    Cancelled,

    /// <summary>The answer is not to what this browser asked: too old, used before, or somebody else's.</summary>
    NotAsked,

    /// <summary>The token is not what it has to be.</summary>
    NotValid,

    /// <summary>The token is of another time: a clock is wrong.</summary>
    Clock,
    EmailNotVerified,
    NotConnected,

    /// <summary>The account of this address is connected with another person of the provider.</summary>
    OtherPerson,
    Disabled,
    NoRole,
}

/// <summary>What came of a sign-in at a provider.</summary>
public abstract record ProviderSignInOutcome
{
    private ProviderSignInOutcome()
    {
    }

    public sealed record SignedIn(string AccountId, ProviderSession Session) : ProviderSignInOutcome;

    public sealed record Refused(ProviderRefusal Why) : ProviderSignInOutcome;
}
