using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.device_state</c>: how the sync of a device stands, as its last requests showed it.</summary>
public sealed class SyncDeviceState
{
    public required string DeviceId { get; set; }
    public required string UserId { get; set; }
    public DateTimeOffset? LastAttemptAt { get; set; }
    public DateTimeOffset? LastSuccessAt { get; set; }
    public DateTimeOffset? LastPushAt { get; set; }

    /// <summary>The last version that was sent to the device; it may not have arrived.</summary>
    public long SentVersion { get; set; }

    /// <summary>The last version that the device showed to have, by asking for what comes after it.</summary>
    public long AcknowledgedVersion { get; set; }

    /// <summary>When the device last had everything; null: never.</summary>
    public DateTimeOffset? CaughtUpAt { get; set; }

    /// <summary>Operations that wait on the device, as it said last; null: it never said.</summary>
    public int? Pending { get; set; }
    public DateTimeOffset? OldestPendingAt { get; set; }

    /// <summary>Requests in a row in which <see cref="Pending"/> was above zero and did not fall.</summary>
    public int AttemptsWithoutDrop { get; set; }
    public int ConsecutiveFailures { get; set; }

    /// <summary>Answers 401 or 403 in a row.</summary>
    public int ConsecutiveRefusals { get; set; }
    public string? LastProblem { get; set; }
    public string? LastTraceId { get; set; }

    /// <summary>The device's clock minus the server's, in seconds.</summary>
    public int? ClockSkewSeconds { get; set; }
    public string? AppVersion { get; set; }
    public int? SchemaVersion { get; set; }

    /// <summary>When the push token was last sent; null: there is none.</summary>
    public DateTimeOffset? PushTokenAt { get; set; }

    /// <summary>When the device last began to read everything; after 90 days without a pull it has to.</summary>
    public DateTimeOffset? FullReadAt { get; set; }

    /// <summary>Someone asked for a full resync: the next pull answers <c>cursor-reset</c> until the device starts over.</summary>
    public DateTimeOffset? ResyncRequestedAt { get; set; }

    /// <summary>What the device said of itself last, as JSON; null: nothing.</summary>
    public string? Report { get; set; }
}

internal sealed class SyncDeviceStateConfiguration : IEntityTypeConfiguration<SyncDeviceState>
{
    public void Configure(EntityTypeBuilder<SyncDeviceState> builder)
    {
        builder.ToTable("device_state", "sync");
        builder.HasKey(s => s.DeviceId);
        builder.Property(s => s.Report).HasColumnType("jsonb");
        builder.Property(s => s.SentVersion).HasDefaultValue(0L);
        builder.Property(s => s.AcknowledgedVersion).HasDefaultValue(0L);
        builder.Property(s => s.AttemptsWithoutDrop).HasDefaultValue(0);
        builder.Property(s => s.ConsecutiveFailures).HasDefaultValue(0);
        builder.Property(s => s.ConsecutiveRefusals).HasDefaultValue(0);
        builder.HasIndex(s => s.UserId);
    }
}
