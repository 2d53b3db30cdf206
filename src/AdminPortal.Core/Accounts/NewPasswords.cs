using AdminPortal.Data.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Accounts;

/// <summary>Judges a new password and hashes it, before the transaction that stores it.</summary>
internal sealed class NewPasswords(IServiceScopeFactory scopes, PasswordHashing hashing)
{
    /// <returns>The hash, or why there is none.</returns>
    public async Task<(string? Hash, AccountOutcome? Refused)> HashAsync(Account account, string password, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var reasons = new List<string>();
        foreach (var validator in users.PasswordValidators)
        {
            var judged = await validator.ValidateAsync(users, account, password);
            reasons.AddRange(judged.Errors.Select(error => error.Description));
        }

        if (reasons.Count > 0)
        {
            return (null, new AccountOutcome.PasswordRefused(reasons));
        }

        using var turn = await hashing.EnterAsync(cancellationToken);
        return turn is null ? (null, new AccountOutcome.Busy()) : (hashing.Hash(password), null);
    }
}
