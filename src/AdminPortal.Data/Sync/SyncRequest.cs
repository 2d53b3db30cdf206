using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>A row of <c>sync.requests</c>: a sync request that was answered, also one that failed; written outside its transaction.</summary>
public sealed class SyncRequest
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string UserId { get; set; }
    public required string DeviceId { get; set; }

    /// <summary><c>register</c>, <c>push</c>, <c>pull</c> or <c>report</c>.</summary>
    public required string Kind { get; set; }
    public short Status { get; set; }

    /// <summary>The name of the problem type; null: it went well.</summary>
    public string? Problem { get; set; }
    public string? TraceId { get; set; }
    public int Milliseconds { get; set; }

    /// <summary>Operations of a push, or rows of a pull.</summary>
    public int Items { get; set; }
    public int Applied { get; set; }
    public int Conflicts { get; set; }
    public int Rejected { get; set; }

    /// <summary>The head when it was answered; null: it did not come so far.</summary>
    public long? Head { get; set; }
    public string? AppVersion { get; set; }
}

internal sealed class SyncRequestConfiguration : IEntityTypeConfiguration<SyncRequest>
{
    public void Configure(EntityTypeBuilder<SyncRequest> builder)
    {
        builder.ToTable("requests", "sync");
        builder.Property(r => r.Id).UseIdentityAlwaysColumn();
        builder.Property(r => r.At).HasDefaultValueSql("now()");
        builder.HasIndex(r => new { r.DeviceId, r.Id });
        builder.HasIndex(r => r.At);
    }
}
