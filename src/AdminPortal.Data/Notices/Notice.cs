using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Notices;

/// <summary>A row of <c>portal.notices</c> in the portal's own database: something one account is told, on the page and by mail.</summary>
public sealed class Notice
{
    public long Id { get; set; }
    public required string AccountId { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>One of <see cref="NoticeKind"/>'s words.</summary>
    public required string Kind { get; set; }

    /// <summary>What made it (target and outbox id, or run): the same is never told twice to one account.</summary>
    public required string Source { get; set; }

    /// <summary>The pairing that it is about; of a run's notice the run.</summary>
    public string? PairingId { get; set; }

    /// <summary>The device; else the name of what it is about.</summary>
    public string? DeviceTitle { get; set; }
    public string? ActorName { get; set; }
    public string? Reason { get; set; }
    public string? Detail { get; set; }

    /// <summary>How many devices it is about.</summary>
    public int Count { get; set; } = 1;
    public DateTimeOffset? ReadAt { get; set; }
}

internal sealed class NoticeConfiguration : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> builder)
    {
        builder.ToTable("notices", "portal");
        builder.Property(n => n.Id).UseIdentityAlwaysColumn();
        builder.Property(n => n.At).HasDefaultValueSql("now()");
        builder.HasOne<Accounts.Account>().WithMany().HasForeignKey(n => n.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(n => new { n.AccountId, n.Source }).IsUnique();
        builder.HasIndex(n => new { n.AccountId, n.Id });
        builder.HasIndex(n => n.AccountId, "notices_unread_idx").HasFilter("\"readAt\" IS NULL");
    }
}
