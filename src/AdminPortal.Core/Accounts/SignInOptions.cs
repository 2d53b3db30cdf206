using System.ComponentModel.DataAnnotations;
using AdminPortal.Core.SignInProviders;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Section <c>SignIn</c> of the configuration: how many wrong passwords are too many. Right ones never count.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>Of one account from one network (IPv6: a /64), from one known browser, or typed again in a session.</summary>
    [Range(2, 1_000, ErrorMessage = "SignIn:MissesPerAccount must be between 2 and 1000.")]
    public int MissesPerAccount { get; set; } = 5;

    /// <summary>Of one account from all unknown browsers together. Where the person signed in before, they still can.</summary>
    [Range(2, 100_000, ErrorMessage = "SignIn:MissesPerAccountEverywhere must be between 2 and 100000.")]
    public int MissesPerAccountEverywhere { get; set; } = 50;

    /// <summary>Of all accounts from one network, per minute.</summary>
    [Range(2, 100_000, ErrorMessage = "SignIn:MissesPerNetwork must be between 2 and 100000.")]
    public int MissesPerNetwork { get; set; } = 30;

    /// <summary>How long misses of an account count, and so how long it is locked, in minutes.</summary>
    [Range(1, 1_440, ErrorMessage = "SignIn:LockMinutes must be between 1 and 1440.")]
    public int LockMinutes { get; set; } = 15;

    /// <summary>
    /// Roles that need a second factor, with commas, such as <c>Admin,Support</c>, or <c>none</c>. Null: Admin, once a target is protected.
    /// Everybody else may have one.
    /// </summary>
    public string? SecondFactorRoles { get; set; }

    /// <summary>Organisations' own sign-ins, by a name of the operator's choice.</summary>
    public Dictionary<string, SignInProviderOptions> Providers { get; set; } = [];

    /// <summary>False: nobody signs in with a password but the accounts of <see cref="BreakGlass"/>.</summary>
    public bool Passwords { get; set; } = true;

    /// <summary>E-mail addresses, with commas, of accounts that sign in with a password when no provider answers.</summary>
    public string? BreakGlass { get; set; }

    public IReadOnlyList<string> BreakGlassEmails => (BreakGlass ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Forgotten passwords and uses of their links, from one network, per minute.</summary>
    [Range(1, 100_000, ErrorMessage = "SignIn:LinksPerNetwork must be between 1 and 100000.")]
    public int LinksPerNetwork { get; set; } = 30;
}

internal sealed class SignInOptionsValidator : IValidateOptions<SignInOptions>
{
    private const string None = "none";

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        List<string> faults = [.. options.Providers.SelectMany(provider => SignInProviderRules.Faults(provider.Key, provider.Value))];
        if (options.SecondFactorRoles is { } text && Words(text).Any(word => word != None && !Enum.TryParse<AccountRole>(word, ignoreCase: true, out _)))
        {
            faults.Add($"SignIn:SecondFactorRoles must be none, or roles with commas: {string.Join(",", Enum.GetNames<AccountRole>())}.");
        }

        if (options is { Passwords: false, Providers.Count: 0 })
        {
            faults.Add("SignIn:Passwords is false, and there is no provider in SignIn:Providers: nobody could sign in.");
        }

        if (options is { Passwords: false, BreakGlassEmails.Count: 0 })
        {
            faults.Add("SignIn:Passwords is false, and SignIn:BreakGlass names no account: nobody could sign in while the provider is away. Name one admin's e-mail address.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static bool NeedsSecondFactor(SignInOptions options, PortalOptions portal, AccountRole role) => options.SecondFactorRoles is { } text
        ? Words(text).Contains(role.ToString(), StringComparer.OrdinalIgnoreCase)
        : role is AccountRole.Admin && portal.Targets.Values.Any(target => target.Protected);

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
