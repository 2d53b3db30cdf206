using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>
/// A row of <c>sync.heads</c>: the version that a person's data has reached. Whoever gives versions or reads them holds this row,
/// so that versions of one person become visible in their order; different people never wait for each other.
/// </summary>
public sealed class SyncHead
{
    public required string UserId { get; set; }
    public long Version { get; set; }

    /// <summary>Tombstones up to this version are gone; a cursor that is older has missed them.</summary>
    public long PurgeFloor { get; set; }

    /// <summary>Random, and another one with each version that was reached; null: none was reached since the column is there.</summary>
    public Guid? Nonce { get; set; }
}

internal sealed class SyncHeadConfiguration : IEntityTypeConfiguration<SyncHead>
{
    public void Configure(EntityTypeBuilder<SyncHead> builder)
    {
        builder.ToTable("heads", "sync");
        builder.HasKey(h => h.UserId);
        builder.Property(h => h.Version).HasDefaultValue(0L);
        builder.Property(h => h.PurgeFloor).HasDefaultValue(0L);
    }
}
