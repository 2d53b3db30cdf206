using AdminPortal.Core.Targets;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Mail;

/// <summary>Wakes this instance's worker when a mail was added. Without it, the worker looks every few seconds.</summary>
public sealed class MailQueue(ILogger<MailQueue> logger)
{
    private readonly Subscribers<bool> subscribers = new(logger);

    internal IDisposable Subscribe(Action wake) => subscribers.Add(_ => wake());

    /// <summary>Call it after the mails' transaction committed.</summary>
    internal void Wake() => subscribers.Publish(true);
}
