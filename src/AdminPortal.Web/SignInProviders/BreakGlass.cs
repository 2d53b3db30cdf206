using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.SignInProviders;

/// <summary>Says at start who may still use a password where passwords are off, and which of them could not.</summary>
internal static class BreakGlass
{
    public static async Task<IReadOnlyList<string>> LinesAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<SignInOptions>>().Value;
        if (options.Passwords)
        {
            return [];
        }

        var lines = new List<string> { $"Passwords are off, but for {string.Join(", ", options.BreakGlassEmails)} (SignIn:BreakGlass)." };
        foreach (var email in options.BreakGlassEmails)
        {
            var account = await services.GetRequiredService<AccountDirectory>().FindByEmailAsync(Actor.CommandLine, email, cancellationToken);
            if (Fault(account) is { } fault)
            {
                lines.Add($"  {email} could not sign in while the provider is away: {fault}");
            }
        }

        return lines;
    }

    private static string? Fault(AccountRow? account) => account switch
    {
        null => "there is no such account. Make it: ./portal accounts create",
        { DisabledAt: not null } => "the account is disabled.",
        { HasPassword: false } => "the account has no password. Make a password link on the page Accounts.",
        _ => null,
    };
}
