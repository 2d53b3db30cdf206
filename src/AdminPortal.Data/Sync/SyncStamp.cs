using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>
/// A row of <c>sync.stamps</c>: a version that a person's data had reached before, with the nonce of that moment. A cursor that names
/// another nonce for it was issued by a database that was set back since.
/// </summary>
public sealed class SyncStamp
{
    public required string UserId { get; set; }
    public long Version { get; set; }
    public Guid Nonce { get; set; }

    /// <summary>When it was left behind.</summary>
    public DateTimeOffset At { get; set; }
}

internal sealed class SyncStampConfiguration : IEntityTypeConfiguration<SyncStamp>
{
    public void Configure(EntityTypeBuilder<SyncStamp> builder)
    {
        builder.ToTable("stamps", "sync");
        builder.HasKey(s => new { s.UserId, s.Version });
        builder.Property(s => s.At).HasDefaultValueSql("now()");
        builder.HasIndex(s => s.At).HasMethod("brin");
    }
}
