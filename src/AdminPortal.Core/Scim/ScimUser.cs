namespace AdminPortal.Core.Scim;

/// <summary>A user as a directory sees one (RFC 7643, section 4.1), as far as the portal keeps it.</summary>
/// <param name="Email">What the person signs in with: the user name where that is an address, else the primary e-mail.</param>
/// <param name="Active">False: the account is disabled, and its devices are revoked.</param>
public sealed record ScimUser(string? UserName, string? Email, bool Active, string? ExternalId = null, string? DisplayName = null, string? GivenName = null, string? FamilyName = null)
{
    /// <summary>The longest text that is kept.</summary>
    private const int Longest = 256;

    /// <summary>What the account signs in with.</summary>
    internal string? SignIn => UserName?.Contains('@', StringComparison.Ordinal) == true ? UserName.Trim() : Email?.Trim();

    /// <summary>What is wrong with it; null: nothing.</summary>
    internal string? Problem =>
        string.IsNullOrWhiteSpace(UserName) ? "userName is required."
        : SignIn is not { Length: > 2 } ? "The portal needs an e-mail address: as userName, or in emails."
        : new[] { UserName, Email, ExternalId, DisplayName, GivenName, FamilyName }.Any(text => text?.Length > Longest || text?.Contains('\0', StringComparison.Ordinal) == true) ? $"No value may be longer than {Longest} characters."
        : null;
}

/// <summary>A user who is there.</summary>
public sealed record ScimRow(string Id, ScimUser User, DateTimeOffset Created, DateTimeOffset LastModified);

/// <summary>One page of users, and how many there are in all.</summary>
public sealed record ScimList(IReadOnlyList<ScimRow> Rows, int Total);

/// <summary>The one comparison that a directory may ask by: <c>ATTRIBUTE eq "VALUE"</c>.</summary>
public sealed record ScimFilter(ScimAttribute Attribute, string Value);

/// <summary>What users are found by.</summary>
public enum ScimAttribute
{
    UserName,
    ExternalId,
    Id,
    Email,
}

/// <summary>What came of a directory's wish. <paramref name="Message"/> is for whoever looks at its log.</summary>
public abstract record ScimOutcome(string Message)
{
    public sealed record Done(ScimRow Row) : ScimOutcome("Done.");

    public sealed record NotFound() : ScimOutcome("There is no such user.");

    /// <summary>The user name or the e-mail address is another user's.</summary>
    public sealed record Taken(string Message) : ScimOutcome(Message);

    public sealed record Invalid(string Message) : ScimOutcome(Message);

    /// <summary>The portal's own rules stand against it, such as the last admin.</summary>
    public sealed record Refused(string Message) : ScimOutcome(Message);
}
