using AdminPortal.Data;
using AdminPortal.Data.Mail;

namespace AdminPortal.Core.Mail;

/// <summary>Says what mails of one kind contain. A feature that sends mail registers one and adds rows to <c>portal.mails</c>.</summary>
internal interface IMailKind
{
    /// <summary>One of <see cref="MailKind"/>'s words.</summary>
    string Kind { get; }

    /// <summary>True: what is due for one account at the same time goes out as one message.</summary>
    bool Gathers { get; }

    /// <summary>Composed at the moment of sending. Null: nobody wants it any more.</summary>
    Task<Letter?> ComposeAsync(PortalDbContext db, IReadOnlyList<QueuedMail> mails, CancellationToken cancellationToken);
}
