using AdminPortal.Data.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>
/// A row of <c>public.devices</c>: what a device said of itself when it registered for sync and push.
/// It is matched to its pairing by <see cref="DeviceId"/>; either can exist without the other.
/// </summary>
public sealed class SyncDevice
{
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public required string DeviceId { get; set; }
    public required string Platform { get; set; }
    public string? OsVersion { get; set; }
    public required string AppVersion { get; set; }

    /// <summary>A secret of the push service; pages show only whether there is one.</summary>
    public string? PushToken { get; set; }
    public DateTime LastSeenAt { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
}

internal sealed class SyncDeviceConfiguration : IEntityTypeConfiguration<SyncDevice>
{
    public void Configure(EntityTypeBuilder<SyncDevice> builder)
    {
        builder.ToTable("devices", "public");
        builder.Property(d => d.LastSeenAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.Property(d => d.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.HasOne<AppUser>().WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(d => d.DeviceId).IsUnique();
        builder.HasIndex(d => d.UserId);
    }
}
