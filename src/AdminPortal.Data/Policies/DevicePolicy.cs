using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Policies;

/// <summary>
/// A row of <c>portal.device_policies</c>: one rule over paired devices and its settings. Beside the pairings, so that
/// the transaction that pairs a device can hold to it.
/// </summary>
public sealed class DevicePolicy
{
    /// <summary>Which rule: see <c>PolicyNames</c> in the portal.</summary>
    public required string Name { get; set; }
    public bool Enabled { get; set; }

    /// <summary>The rule's numbers and choices as JSON.</summary>
    public required string Settings { get; set; }

    /// <summary>Counts changes: an admin who saves an older one is told.</summary>
    public int Version { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public required string UpdatedBy { get; set; }

    /// <summary>How many devices the last run would have acted on, had that not been too many without a yes; null: it did not wait.</summary>
    public int? HeldDevices { get; set; }

    /// <summary>How many devices worked then.</summary>
    public int? HeldOf { get; set; }
    public DateTimeOffset? HeldAt { get; set; }

    /// <summary>An admin's yes to these settings: one run may act on so many devices, whatever their share.</summary>
    public int? AllowedDevices { get; set; }
    public string? AllowedBy { get; set; }
}

internal sealed class DevicePolicyConfiguration : IEntityTypeConfiguration<DevicePolicy>
{
    public void Configure(EntityTypeBuilder<DevicePolicy> builder)
    {
        builder.ToTable("device_policies", "portal");
        builder.HasKey(p => p.Name);
        builder.Property(p => p.Settings).HasColumnType("jsonb");
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.Property(p => p.UpdatedAt).HasDefaultValueSql("now()");
    }
}
