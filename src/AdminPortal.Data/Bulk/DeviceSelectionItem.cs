using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Bulk;

/// <summary>
/// A row of <c>portal.device_selection_items</c>: one device of a bulk act and what came of it. No foreign key to the
/// pairing: the record of an act outlives what it was done to.
/// </summary>
public sealed class DeviceSelectionItem
{
    public required string SelectionId { get; set; }

    /// <summary>The order in which devices are worked on, from 1.</summary>
    public int Position { get; set; }
    public required string PairingId { get; set; }

    /// <summary>Null: still to do. <c>done</c>, or <c>skipped</c> when there was nothing to change any more.</summary>
    public string? Outcome { get; set; }

    /// <summary>When the changed scope was to end before, as ISO 8601 UTC, or empty when it was not; for taking the act back.</summary>
    public string? Before { get; set; }
}

internal sealed class DeviceSelectionItemConfiguration : IEntityTypeConfiguration<DeviceSelectionItem>
{
    public void Configure(EntityTypeBuilder<DeviceSelectionItem> builder)
    {
        builder.ToTable("device_selection_items", "portal");
        builder.HasKey(i => new { i.SelectionId, i.Position });
        builder.HasOne<DeviceSelection>().WithMany(s => s.Items).HasForeignKey(i => i.SelectionId).OnDelete(DeleteBehavior.Cascade);
    }
}
