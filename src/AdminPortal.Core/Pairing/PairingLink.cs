namespace AdminPortal.Core.Pairing;

/// <summary>A link that pairs one device with a user, once, until <paramref name="ExpiresAt"/>.</summary>
/// <param name="MailedTo">Where it was sent; null: it was not, and has to be handed over.</param>
/// <param name="MailFailed">The mail server did not take it.</param>
public sealed record PairingLink(string Url, DateTimeOffset ExpiresAt, string? MailedTo, bool MailFailed)
{
    public override string ToString() => $"PairingLink until {ExpiresAt:O}"; // never the link, wherever this is logged
}

/// <summary>What came of asking for a link.</summary>
public abstract record PairingLinkOutcome
{
    private PairingLinkOutcome()
    {
    }

    public sealed record Made(PairingLink Link) : PairingLinkOutcome;

    public sealed record Invalid(string Message) : PairingLinkOutcome;

    /// <summary>There is no such user.</summary>
    public sealed record NotFound : PairingLinkOutcome;

    public sealed record NotAllowed : PairingLinkOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : PairingLinkOutcome;
}

/// <summary>What a link can allow a device of a user.</summary>
/// <param name="Offered">What the user may grant by themselves.</param>
/// <param name="Last">Of those, what they chose last.</param>
public sealed record PairingLinkChoice(
    IReadOnlyList<Data.Permissions.PermissionScope> Offered, IReadOnlyList<Data.Permissions.PermissionScope> Last);
