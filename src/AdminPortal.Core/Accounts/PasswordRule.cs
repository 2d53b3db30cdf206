using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Who may sign in with a password: everybody, or only the accounts that are named for the day on which no provider answers.</summary>
public sealed class PasswordRule(IOptions<SignInOptions> options, ILookupNormalizer normalizer)
{
    private readonly HashSet<string> breakGlass = [.. options.Value.BreakGlassEmails.Select(email => normalizer.NormalizeEmail(email)!)];

    /// <summary>False: only who is named.</summary>
    public bool ForEverybody => options.Value.Passwords;

    public bool Allows(string? email) => ForEverybody || (email is not null && breakGlass.Contains(normalizer.NormalizeEmail(email.Trim())!));
}
