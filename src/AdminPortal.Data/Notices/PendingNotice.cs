using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Notices;

/// <summary>
/// A row of <c>portal.notice_outbox</c> in a managed database: something that people are to be told, written in the
/// transaction of what it tells and deleted once it stands in <c>portal.notices</c> of the portal's own database.
/// </summary>
public sealed class PendingNotice
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>One of <see cref="NoticeKind"/>'s words.</summary>
    public required string Kind { get; set; }

    /// <summary>Whose device it is about.</summary>
    public required string UserId { get; set; }
    public string? PairingId { get; set; }

    /// <summary>The device's name or kind, as it was then.</summary>
    public string? DeviceTitle { get; set; }

    /// <summary>Who did it; that person is not told.</summary>
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public string? Reason { get; set; }
    public string? Detail { get; set; }

    /// <summary>The bulk run it belongs to: one notice per person and run, however many devices.</summary>
    public string? RunId { get; set; }
}

internal sealed class PendingNoticeConfiguration : IEntityTypeConfiguration<PendingNotice>
{
    public void Configure(EntityTypeBuilder<PendingNotice> builder)
    {
        builder.ToTable("notice_outbox", "portal");
        builder.Property(n => n.Id).UseIdentityAlwaysColumn();
        builder.Property(n => n.At).HasDefaultValueSql("now()");
    }
}
