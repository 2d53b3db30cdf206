using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Mail;

/// <summary>
/// A row of <c>portal.mails</c> in the portal's own database: a message that waits, was sent or failed. It holds no text: what it says is composed
/// when it is sent, so no link and no address lies here that is not wanted any more.
/// </summary>
public sealed class QueuedMail
{
    public long Id { get; set; }

    /// <summary>One of <see cref="MailKind"/>'s words.</summary>
    public required string Kind { get; set; }

    /// <summary>Whom it is for; null: <see cref="Recipient"/> was typed by somebody who is not signed in.</summary>
    public string? AccountId { get; set; }

    /// <summary>The address as somebody typed it, which may be nobody's.</summary>
    public string? Recipient { get; set; }

    /// <summary>The network address of whoever typed it.</summary>
    public string? RequestedFrom { get; set; }

    /// <summary>The notice that it tells.</summary>
    public long? NoticeId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>One of <see cref="MailState"/>'s words.</summary>
    public string State { get; set; } = MailState.Waiting;
    public int Tries { get; set; }
    public DateTimeOffset? NextTryAt { get; set; }
    public DateTimeOffset? LastTriedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What the mail server said to the last try, or why there was none.</summary>
    public string? LastError { get; set; }

    /// <summary>The first mail of those that go out as one message; null: not tried yet.</summary>
    public long? Batch { get; set; }

    /// <summary>When the one-time link in it was used.</summary>
    public DateTimeOffset? LinkUsedAt { get; set; }
}

/// <summary>What a mail is about.</summary>
public static class MailKind
{
    public const string Notice = "notice";
    public const string ResetLink = "reset-link";
}

/// <summary>What has become of a mail.</summary>
public static class MailState
{
    public const string Waiting = "waiting";
    public const string Sent = "sent";

    /// <summary>Refused for good, or given up after the last try.</summary>
    public const string Failed = "failed";

    /// <summary>Not wanted any more when it was its turn.</summary>
    public const string Dropped = "dropped";
}

internal sealed class QueuedMailConfiguration : IEntityTypeConfiguration<QueuedMail>
{
    public void Configure(EntityTypeBuilder<QueuedMail> builder)
    {
        builder.ToTable("mails", "portal");
        builder.Property(m => m.Id).UseIdentityAlwaysColumn();
        builder.Property(m => m.CreatedAt).HasDefaultValueSql("now()");
        builder.HasOne<Accounts.Account>().WithMany().HasForeignKey(m => m.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Notices.Notice>().WithMany().HasForeignKey(m => m.NoticeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(m => m.NoticeId).IsUnique();
        builder.HasIndex(m => m.NextTryAt).HasFilter("state = 'waiting'");
        builder.HasIndex(m => new { m.AccountId, m.Kind, m.CreatedAt });
        builder.HasIndex(m => new { m.State, m.EndedAt });
    }
}
