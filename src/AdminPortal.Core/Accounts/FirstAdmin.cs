using System.Security.Cryptography;
using AdminPortal.Core.Activity;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Accounts;

/// <summary>What <see cref="FirstAdmin"/> found or did.</summary>
public abstract record FirstAdminOutcome
{
    public sealed record Exists : FirstAdminOutcome;

    /// <summary><paramref name="Password"/> is to be shown once and kept nowhere else.</summary>
    public sealed record Created(string Email, string Password) : FirstAdminOutcome
    {
        public override string ToString() => $"Created {Email}";
    }

    public sealed record Refused(string Message) : FirstAdminOutcome;
}

/// <summary>Lets a fresh portal be entered at all.</summary>
public sealed class FirstAdmin(AccountDirectory directory, AccountService accounts)
{
    // No letters or digits that are mistaken for each other.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Creates an admin when no enabled one exists; without a password, a random one.</summary>
    public async Task<FirstAdminOutcome> EnsureAsync(string email, string? password, CancellationToken cancellationToken)
    {
        if (await directory.HasEnabledAdminAsync(cancellationToken))
        {
            return new FirstAdminOutcome.Exists();
        }

        var made = string.IsNullOrEmpty(password);
        var chosen = made ? RandomPassword() : password!;
        var outcome = await accounts.CreateAsync(new CreateAccount(email, AccountRole.Admin, chosen, MustChangePassword: made), Actor.Portal with { Role = AccountRole.Admin }, cancellationToken);
        if (outcome is AccountOutcome.Done)
        {
            return new FirstAdminOutcome.Created(email, chosen);
        }

        // Another instance may have been faster.
        return await directory.HasEnabledAdminAsync(cancellationToken)
            ? new FirstAdminOutcome.Exists()
            : new FirstAdminOutcome.Refused(outcome.Message);
    }

    /// <summary>95 bits, in groups that can be typed.</summary>
    private static string RandomPassword() => string.Join('-', RandomNumberGenerator.GetString(Letters, 20).Chunk(5).Select(part => new string(part)));
}

/// <summary>Where the first administrator's password was written down; it goes as soon as they chose another.</summary>
/// <param name="Path">Null: nothing is ever written down here.</param>
public sealed record FirstPasswordFile(string? Path)
{
    public void Remove()
    {
        if (Path is not null)
        {
            File.Delete(Path);
        }
    }
}
