using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Alerts;

/// <summary>
/// A row of <c>portal.device_alerts</c>: something about a device that an admin has to look at, such as an owner's
/// "this was not me". Stays open until an admin closes it with a conclusion.
/// </summary>
public sealed class DeviceAlert
{
    public required string Id { get; set; }

    /// <summary><c>disowned</c>.</summary>
    public required string Kind { get; set; }
    public required string UserId { get; set; }
    public required string PairingId { get; set; }
    public required string DeviceTitle { get; set; }
    public DateTimeOffset OpenedAt { get; set; }
    public required string OpenedBy { get; set; }
    public string? Note { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }
    public string? Conclusion { get; set; }
}

internal sealed class DeviceAlertConfiguration : IEntityTypeConfiguration<DeviceAlert>
{
    public void Configure(EntityTypeBuilder<DeviceAlert> builder)
    {
        builder.ToTable("device_alerts", "portal");
        builder.Property(a => a.OpenedAt).HasDefaultValueSql("now()");
        builder.HasIndex(a => new { a.Kind, a.PairingId }).IsUnique().HasFilter("\"closedAt\" IS NULL");
        builder.HasIndex(a => a.OpenedAt);
    }
}
