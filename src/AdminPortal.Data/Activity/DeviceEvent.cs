using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Activity;

/// <summary>
/// A row of <c>portal.device_events</c>: the append-only history of devices, written in the transaction of what it tells.
/// The runtime role of the database can insert and read, not change or delete.
/// </summary>
public sealed class DeviceEvent
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>What happened; one of <see cref="DeviceEventKind"/>'s words.</summary>
    public required string Kind { get; set; }

    /// <summary>Whose device it was. History is always filtered by it: a deviceId can change hands.</summary>
    public required string UserId { get; set; }
    public string? DeviceId { get; set; }
    public string? PairingId { get; set; }

    /// <summary>Who did it: an account's id, <c>device</c> or <c>portal</c>.</summary>
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public string? ActorRole { get; set; }
    public string? Reason { get; set; }
    public string? Address { get; set; }

    /// <summary>What else is worth knowing, such as the scope; never a secret.</summary>
    public string? Detail { get; set; }

    /// <summary>The operation run that did it; null: done singly.</summary>
    public string? RunId { get; set; }
}

internal sealed class DeviceEventConfiguration : IEntityTypeConfiguration<DeviceEvent>
{
    public void Configure(EntityTypeBuilder<DeviceEvent> builder)
    {
        builder.ToTable("device_events", "portal");
        builder.Property(e => e.Id).UseIdentityAlwaysColumn();
        builder.Property(e => e.At).HasDefaultValueSql("now()");
        builder.HasIndex(e => new { e.UserId, e.Id });
        builder.HasIndex(e => new { e.PairingId, e.Id });
    }
}
