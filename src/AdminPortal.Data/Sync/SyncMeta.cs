using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>The one row of <c>sync.meta</c>.</summary>
public sealed class SyncMeta
{
    /// <summary>Always 1.</summary>
    public short Id { get; set; } = 1;

    /// <summary>Part of every cursor. Another one is made when the database was restored or a table was emptied: then every device reads everything again.</summary>
    public required string Epoch { get; set; }

    /// <summary>When a table was emptied whose leftovers in <c>sync.changes</c> are still there; null: there are none.</summary>
    public DateTimeOffset? EmptiedAt { get; set; }

    /// <summary>Devices with an older app may report, and nothing else; null: every version may sync.</summary>
    public string? MinimumAppVersion { get; set; }

    /// <summary>The thresholds of verdicts that an admin changed, as JSON; what is absent has its default.</summary>
    public string Thresholds { get; set; } = "{}";
}

internal sealed class SyncMetaConfiguration : IEntityTypeConfiguration<SyncMeta>
{
    public void Configure(EntityTypeBuilder<SyncMeta> builder)
    {
        builder.ToTable("meta", "sync", table => table.HasCheckConstraint("meta_one_row", "id = 1"));
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Thresholds).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
    }
}
