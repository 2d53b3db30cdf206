using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.changes</c>: the last version of one task or focus session; a tombstone when it is gone.</summary>
public sealed class SyncChange
{
    public required string UserId { get; set; }
    public required string Entity { get; set; }
    public required string EntityId { get; set; }
    public long Version { get; set; }
    public bool Deleted { get; set; }

    /// <summary>Of what was deleted; null also where it was deleted before the column was there.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// For each field the version that changed it last and the device that did; <c>*</c> stands for those that are not named, as the
    /// insert left them: <c>{"*":{"v":790},"title":{"v":812,"d":"phone-1"}}</c>.
    /// </summary>
    public string FieldVersions { get; set; } = "{}";
    public DateTimeOffset ChangedAt { get; set; }
}

internal sealed class SyncChangeConfiguration : IEntityTypeConfiguration<SyncChange>
{
    public void Configure(EntityTypeBuilder<SyncChange> builder)
    {
        builder.ToTable("changes", "sync");
        builder.HasKey(c => new { c.UserId, c.Entity, c.EntityId });
        builder.Property(c => c.FieldVersions).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        builder.Property(c => c.ChangedAt).HasDefaultValueSql("now()");
        builder.HasIndex(c => new { c.UserId, c.Version });
        builder.HasIndex(c => c.ChangedAt).HasFilter("deleted");
    }
}
