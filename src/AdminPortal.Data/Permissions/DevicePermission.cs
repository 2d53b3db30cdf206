using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Permissions;

/// <summary>A row of <c>public.device_permissions</c>: one scope that a pairing was granted.</summary>
public sealed class DevicePermission
{
    public required string Id { get; set; }
    public required string DevicePairingId { get; set; }
    public PermissionScope Permission { get; set; }
    public DateTime GrantedAt { get; set; }

    /// <summary>UTC; null: as long as the pairing lasts.</summary>
    public DateTime? ExpiresAt { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}

internal sealed class DevicePermissionConfiguration : IEntityTypeConfiguration<DevicePermission>
{
    public void Configure(EntityTypeBuilder<DevicePermission> builder)
    {
        builder.ToTable("device_permissions", "public");
        builder.Property(p => p.GrantedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.Property(p => p.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.HasOne<DevicePairing>().WithMany(p => p.Permissions).HasForeignKey(p => p.DevicePairingId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(p => new { p.DevicePairingId, p.Permission }).IsUnique();
        builder.HasIndex(p => p.DevicePairingId);
        builder.HasIndex(p => p.Permission);
    }
}
