using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Permissions;

/// <summary>
/// A row of <c>portal.permission_requests</c>: a device asks to keep a scope that ends, or to get one. Its owner or an
/// admin decides; at most one request per device and scope is open.
/// </summary>
public sealed class PermissionRequest
{
    public required string Id { get; set; }
    public required string PairingId { get; set; }
    public required string UserId { get; set; }
    public PermissionScope Scope { get; set; }

    /// <summary>Until when the device asks for it; null: as long as the pairing lasts.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>What the device's app says to the person who decides; a stranger's text.</summary>
    public string? Reason { get; set; }

    /// <summary><c>open</c>, <c>granted</c>, <c>refused</c>, or <c>void</c> when the pairing ended first.</summary>
    public required string State { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public string? DecidedBy { get; set; }
    public string? DecisionReason { get; set; }
}

internal sealed class PermissionRequestConfiguration : IEntityTypeConfiguration<PermissionRequest>
{
    public void Configure(EntityTypeBuilder<PermissionRequest> builder)
    {
        builder.ToTable("permission_requests", "portal");
        builder.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
        builder.HasOne<Devices.DevicePairing>().WithMany().HasForeignKey(r => r.PairingId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(r => new { r.PairingId, r.Scope }).IsUnique().HasFilter("\"state\" = 'open'");
        builder.HasIndex(r => new { r.UserId, r.CreatedAt });
        builder.HasIndex(r => r.CreatedAt).HasFilter("\"state\" = 'open'");
    }
}
