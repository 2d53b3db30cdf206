using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Notices;

/// <summary>
/// Where open pages of this portal instance hear that notices of an account came or were read, whichever instance did it.
/// Handlers must be quick; components go through <c>InvokeAsync</c>.
/// </summary>
public sealed class NoticeChanges(ILogger<NoticeChanges> logger)
{
    private readonly Subscribers<string?> subscribers = new(logger);

    /// <param name="handler">Gets the account's id; null: anyone's may have changed.</param>
    public IDisposable Subscribe(Action<string?> handler) => subscribers.Add(handler);

    internal void Publish(string? accountId) => subscribers.Publish(accountId);
}
