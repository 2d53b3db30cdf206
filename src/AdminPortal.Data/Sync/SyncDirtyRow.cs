using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>
/// A row of <c>sync.dirty</c>: something changed and has no version yet. Triggers only insert here, whoever writes (a device, the
/// host application, <c>psql</c>): they take no lock that another writer could wait for. <c>sync.stamp</c> turns rows into versions.
/// </summary>
public sealed class SyncDirtyRow
{
    public long Seq { get; set; }
    public required string UserId { get; set; }

    /// <summary><c>task</c> or <c>focusSession</c>.</summary>
    public required string Entity { get; set; }
    public required string EntityId { get; set; }

    /// <summary>The device whose push wrote it; null: anyone else.</summary>
    public string? DeviceId { get; set; }

    /// <summary>The fields that changed, as the API names them; null: the row came or went as a whole.</summary>
    public string[]? Fields { get; set; }

    /// <summary>Of a row that went.</summary>
    public string? ClientId { get; set; }
}

internal sealed class SyncDirtyRowConfiguration : IEntityTypeConfiguration<SyncDirtyRow>
{
    public void Configure(EntityTypeBuilder<SyncDirtyRow> builder)
    {
        builder.ToTable("dirty", "sync");
        builder.HasKey(d => d.Seq);
        builder.Property(d => d.Seq).UseIdentityAlwaysColumn();
        builder.HasIndex(d => d.UserId);
    }
}
