using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Accounts;

/// <summary>
/// Where open pages of this portal instance hear that sessions of an account may have ended, whichever instance ended them.
/// Handlers must be quick.
/// </summary>
public sealed class AccountSessionChanges(ILogger<AccountSessionChanges> logger)
{
    private readonly Subscribers<string?> subscribers = new(logger);

    /// <param name="handler">Gets the account's id; null: anyone's.</param>
    public IDisposable Subscribe(Action<string?> handler) => subscribers.Add(handler);

    internal void Publish(string? accountId) => subscribers.Publish(accountId);
}
