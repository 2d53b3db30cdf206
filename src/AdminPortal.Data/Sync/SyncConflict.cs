using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.conflicts</c>: two devices changed the same fields without knowing of each other. Keeps the values that lost, always.</summary>
public sealed class SyncConflict
{
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public required string Entity { get; set; }
    public required string EntityId { get; set; }
    public required string OpId { get; set; }

    /// <summary>The device whose push met the conflict.</summary>
    public required string DeviceId { get; set; }

    /// <summary>The device whose values lost; null: another writer, such as the host application.</summary>
    public string? LosingDeviceId { get; set; }

    /// <summary>Names of the fields; no values, so that support may see them.</summary>
    public required string[] Fields { get; set; }

    /// <summary>The values that lost: the person's words.</summary>
    public required string Losing { get; set; }

    /// <summary>True: a deletion won or met newer changes.</summary>
    public bool ByDelete { get; set; }
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }

    /// <summary><c>restored</c> or <c>dismissed</c>; null: open.</summary>
    public string? Closed { get; set; }
}

internal sealed class SyncConflictConfiguration : IEntityTypeConfiguration<SyncConflict>
{
    public void Configure(EntityTypeBuilder<SyncConflict> builder)
    {
        builder.ToTable("conflicts", "sync");
        builder.Property(c => c.Losing).HasColumnType("jsonb");
        builder.Property(c => c.At).HasDefaultValueSql("now()");
        builder.HasIndex(c => new { c.DeviceId, c.At });
        builder.HasIndex(c => new { c.UserId, c.At });
    }
}
