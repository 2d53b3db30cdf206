using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Devices;

/// <summary>
/// Exists while a pairing is quarantined: suspended, and reversible. The pairing is inactive meanwhile, so that every
/// reader of <c>device_pairings</c> treats it as ended.
/// </summary>
public sealed class DeviceState
{
    public required string PairingId { get; set; }
    public DateTimeOffset QuarantinedAt { get; set; }
    public required string Reason { get; set; }

    /// <summary>Who did it: an account's id or <c>portal</c>.</summary>
    public string? ActorId { get; set; }
    public string? ActorName { get; set; }

    /// <summary>When the device said that it knows.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }
}

internal sealed class DeviceStateConfiguration : IEntityTypeConfiguration<DeviceState>
{
    public void Configure(EntityTypeBuilder<DeviceState> builder)
    {
        builder.ToTable("device_state", "portal");
        builder.HasKey(s => s.PairingId);
        builder.Property(s => s.QuarantinedAt).HasDefaultValueSql("now()");
        builder.HasOne<DevicePairing>().WithOne(p => p.State).HasForeignKey<DeviceState>(s => s.PairingId).OnDelete(DeleteBehavior.Cascade);
    }
}
