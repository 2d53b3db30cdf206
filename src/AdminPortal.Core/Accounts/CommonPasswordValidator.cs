using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Refuses passwords that are guessed first, by zxcvbn's judgement: its lists of some 30,000 passwords and words, patterns of keyboards, dates,
/// repetitions and letters written as digits, and besides the words of this portal, of its service and of the person.
/// </summary>
internal sealed class CommonPasswordValidator(IOptions<PortalOptions> portal) : IPasswordValidator<Account>
{
    /// <summary>Of 0 to 4.</summary>
    private const int LeastScore = 3;

    /// <summary>The judgement takes longer than in proportion, and nobody guesses so many characters.</summary>
    private const int JudgedLength = 72;

    private static readonly char[] Separators = ['@', '.', '-', '_', '+', '/', ':', ' '];
    private static readonly string[] Common = Load();

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Refusal(user.Email, password ?? "") is { } reason
            ? IdentityResult.Failed(new IdentityError { Code = "PasswordCommon", Description = reason })
            : IdentityResult.Success);

    private string? Refusal(string? email, string password)
    {
        if (password.Length > SignInRules.MaximumPasswordLength)
        {
            return $"Passwords have at most {SignInRules.MaximumPasswordLength} characters.";
        }

        string[] own = [email ?? "", portal.Value.PublicUrl, .. Words(email), .. Words(portal.Value.PublicUrl)];
        return Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(password.Length, JudgedLength)], own.Concat(Common)).Score < LeastScore
            ? "This password is among the first that are guessed. Choose another, such as four unrelated words." : null;
    }

    private static IEnumerable<string> Words(string? text) => (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2);

    private static string[] Load()
    {
        using var stream = typeof(CommonPasswordValidator).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
