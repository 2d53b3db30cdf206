using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Bulk;

/// <summary>
/// A row of <c>portal.device_selections</c>: the devices of a bulk act, frozen when its impact was shown, so that what
/// was previewed is what runs, however the list changes meanwhile.
/// </summary>
public sealed class DeviceSelection
{
    public required string Id { get; set; }

    /// <summary>The account that made it; nobody else can run it.</summary>
    public required string ActorId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The filter it was made from, in words, for the record.</summary>
    public required string Description { get; set; }

    /// <summary>The run that works through it; null while it is only a preview.</summary>
    public string? RunId { get; set; }
    public ICollection<DeviceSelectionItem> Items { get; } = [];
}

internal sealed class DeviceSelectionConfiguration : IEntityTypeConfiguration<DeviceSelection>
{
    public void Configure(EntityTypeBuilder<DeviceSelection> builder)
    {
        builder.ToTable("device_selections", "portal");
        builder.Property(s => s.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(s => s.CreatedAt);
        builder.HasIndex(s => s.RunId).IsUnique();
    }
}
