using AdminPortal.Data.Permissions;
using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Devices;

/// <summary>A row of <c>public.device_pairings</c>: a device and the person it is paired with.</summary>
public sealed class DevicePairing
{
    public required string Id { get; set; }
    public required string UserId { get; set; }

    /// <summary>The device's own id, unique over active and inactive rows.</summary>
    public required string DeviceId { get; set; }
    public DeviceType DeviceType { get; set; }
    public string? DeviceName { get; set; }

    /// <summary><c>sha256:</c> and the hex digest of the device's token; never the token.</summary>
    public required string SessionToken { get; set; }
    public DateTime ExpiresAt { get; set; }
    public string? IpAddress { get; set; }
    public string? UserAgent { get; set; }

    /// <summary>False once revoked or quarantined (<see cref="DeviceState"/> tells which).</summary>
    public bool IsActive { get; set; } = true;
    public DateTime LastSeenAt { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    public AppUser User { get; set; } = null!;
    public ICollection<DevicePermission> Permissions { get; } = [];
    public DeviceState? State { get; set; }
}

internal sealed class DevicePairingConfiguration : IEntityTypeConfiguration<DevicePairing>
{
    public void Configure(EntityTypeBuilder<DevicePairing> builder)
    {
        builder.ToTable("device_pairings", "public");
        builder.Property(p => p.IsActive).HasDefaultValue(true).HasSentinel(true);
        builder.Property(p => p.LastSeenAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.Property(p => p.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.HasOne(p => p.User).WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(p => p.DeviceId, "device_pairings_deviceId_key").IsUnique();
        builder.HasIndex(p => p.SessionToken).IsUnique();
        builder.HasIndex(p => p.UserId);
        builder.HasIndex(p => p.DeviceId, "device_pairings_deviceId_idx"); // doubled in the guide, and wanted
        builder.HasIndex(p => p.ExpiresAt);
        builder.HasIndex(p => p.IsActive);
    }
}
