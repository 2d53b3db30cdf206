using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.rejections</c>: an operation that can never be applied as it was sent. Nothing of it is lost: it can be tried again.</summary>
public sealed class SyncRejection
{
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public required string DeviceId { get; set; }
    public required string OpId { get; set; }
    public required string Entity { get; set; }
    public string? EntityId { get; set; }
    public string? ClientId { get; set; }

    /// <summary>The name of the problem type, such as <c>validation</c>.</summary>
    public required string Problem { get; set; }

    /// <summary>What is wrong, without the person's own words.</summary>
    public required string Detail { get; set; }

    /// <summary>The operation as it was sent, JSON as text because it may hold what jsonb refuses: the person's words, shown to support only with consent.</summary>
    public required string Operation { get; set; }
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }

    /// <summary><c>retried</c> or <c>dismissed</c>; null: open.</summary>
    public string? Closed { get; set; }
}

internal sealed class SyncRejectionConfiguration : IEntityTypeConfiguration<SyncRejection>
{
    public void Configure(EntityTypeBuilder<SyncRejection> builder)
    {
        builder.ToTable("rejections", "sync");
        builder.Property(r => r.At).HasDefaultValueSql("now()");
        builder.HasIndex(r => new { r.DeviceId, r.At });
        builder.HasIndex(r => new { r.UserId, r.Entity, r.ClientId }).HasFilter("closed IS NULL");
    }
}
