using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.SignInProviders;

/// <summary>Section <c>SignIn:Providers:NAME</c>: an organisation's own sign-in, by OpenID Connect.</summary>
public sealed class SignInProviderOptions
{
    /// <summary>What the button says; null: the name.</summary>
    public string? Title { get; set; }

    /// <summary>Where the provider is; its <c>/.well-known/openid-configuration</c> says the rest.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string? ClientSecret { get; set; }

    /// <summary>A file with the secret, read at start, in place of <see cref="ClientSecret"/>.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>With blanks.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>How an account is found the first time; afterwards it is the provider's id of the person that counts.</summary>
    public AccountLinking LinkBy { get; set; } = AccountLinking.Email;

    /// <summary>The claim that says whether the e-mail address was verified. Entra ID calls it <c>xms_edov</c>.</summary>
    public string EmailVerifiedClaim { get; set; } = "email_verified";

    /// <summary>True: who has no account gets one, with the role that <see cref="Roles"/> gives.</summary>
    public bool CreateAccounts { get; set; }

    /// <summary>The claim with the person's roles or groups.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>
    /// Role by a value of <see cref="RoleClaim"/>; <c>*</c> is everybody. The highest that fits counts, at every sign-in. None at all: roles are the
    /// portal's own.
    /// </summary>
    public Dictionary<string, AccountRole> Roles { get; set; } = [];

    /// <summary>
    /// Values of <c>amr</c> or <c>acr</c>, with commas, that say that the provider has asked for a second factor. Null: the portal asks for its own.
    /// </summary>
    public string? SecondFactorBy { get; set; }

    /// <summary>False: signing out of the portal leaves the person signed in at the provider.</summary>
    public bool SignOutThere { get; set; } = true;

    /// <summary>How wrong the clocks may be.</summary>
    public int ClockSkewSeconds { get; set; } = 120;

    public string TitleOr(string name) => string.IsNullOrWhiteSpace(Title) ? name : Title.Trim();

    /// <summary>The secret itself, from its file where there is one.</summary>
    public string? ReadSecret() => ClientSecretFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : ClientSecret;

    public override string ToString() => Authority; // never the secret, wherever this is logged
}

/// <summary>How a provider's person finds an account the first time.</summary>
public enum AccountLinking
{
    /// <summary>By the e-mail address, when the provider says that it was verified.</summary>
    Email,

    /// <summary>Not by itself: an admin connects the account with the provider's id of the person.</summary>
    Subject,
}
