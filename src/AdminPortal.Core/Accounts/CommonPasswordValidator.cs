using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Refuses passwords that are guessed first: the common ones, also when padded, doubled or written with digits for letters, runs of
/// neighbouring characters, and the person's own e-mail address.
/// </summary>
internal sealed class CommonPasswordValidator : IPasswordValidator<Account>
{
    private static readonly HashSet<string> Common = Load();

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Refusal(user.Email, password ?? "") is { } reason
            ? IdentityResult.Failed(new IdentityError { Code = "PasswordCommon", Description = reason })
            : IdentityResult.Success);

    private static string? Refusal(string? email, string password)
    {
        if (password.Length > SignInRules.MaximumPasswordLength)
        {
            return $"Passwords have at most {SignInRules.MaximumPasswordLength} characters.";
        }

        var name = email?.Split('@')[0].ToLowerInvariant();
        var lower = password.ToLowerInvariant();
        if (name is { Length: > 2 } && Meat(lower) is var rest && (rest == Meat(name) || lower.StartsWith(name + "@", StringComparison.Ordinal)))
        {
            return "This password is your e-mail address. Choose another.";
        }

        return IsCommon(lower) ? "This password is among the first that are guessed. Choose another, such as four unrelated words." : null;
    }

    private static bool IsCommon(string lower)
    {
        var plain = WithoutDigitsForLetters(Meat(lower)); // in this order: digits at the end are padding, not letters
        return new[] { lower, Meat(lower), Unrepeated(Meat(lower)), Unrepeated(lower), Meat(plain), Unrepeated(Meat(plain)) }.Any(Common.Contains)
            || IsRun(lower);
    }

    /// <summary>What is left without digits and signs around it: <c>Password2024!!</c> is <c>password</c>.</summary>
    private static string Meat(string text) => text.Trim("0123456789!?.,;:-_+*#@$%&/()=\"' ".ToCharArray());

    /// <summary>The repeated part of a text that repeats itself: <c>adminadminadmin</c> is <c>admin</c>.</summary>
    private static string Unrepeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && string.Concat(Enumerable.Repeat(text[..length], text.Length / length)) == text)
            {
                return text[..length];
            }
        }

        return text;
    }

    /// <summary><c>123456789012</c>, <c>abcdefghijkl</c>: nearly every character follows from the one before.</summary>
    private static bool IsRun(string text)
    {
        var steps = text.Zip(text.Skip(1), (a, b) => b - a).ToList();
        return steps.Count(step => step is 0 or 1 or -1 or 9 or -9) >= steps.Count * 0.8;
    }

    private static string WithoutDigitsForLetters(string text) => text
        .Replace('0', 'o').Replace('1', 'l').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('7', 't')
        .Replace('@', 'a').Replace('$', 's').Replace('!', 'i');

    private static HashSet<string> Load()
    {
        using var stream = typeof(CommonPasswordValidator).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }
}
