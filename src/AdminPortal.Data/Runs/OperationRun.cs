using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Runs;

/// <summary>
/// A row of <c>portal.operation_runs</c> in the portal's own database: long work that a person started, with its
/// progress. It outlives the tab, the circuit and the portal's process: whoever finds it without a heartbeat takes it up.
/// </summary>
public sealed class OperationRun
{
    public required string Id { get; set; }

    /// <summary>Which work, as <c>object.verb</c>: <c>devices.revoke</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>The name of the target it works on.</summary>
    public required string Target { get; set; }

    /// <summary>What it does, in words that name its object.</summary>
    public required string Title { get; set; }
    public RunState State { get; set; }

    /// <summary>What the work needs to know, as JSON; no secrets.</summary>
    public required string Parameters { get; set; }

    /// <summary>At most one unfinished run has a given key; null: any number may run.</summary>
    public string? ExclusiveKey { get; set; }
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public string? ActorRole { get; set; }

    /// <summary>The actor's id in <c>users</c> of the primary target.</summary>
    public string? ActorUserId { get; set; }
    public string? ActorAddress { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The portal instance that works on it, and when it last said so.</summary>
    public string? Instance { get; set; }
    public DateTimeOffset? HeartbeatAt { get; set; }
    public DateTimeOffset? StopRequestedAt { get; set; }
    public string? StopRequestedBy { get; set; }

    /// <summary>How many things there are to do; null while it is not known.</summary>
    public long? Total { get; set; }
    public long Done { get; set; }

    /// <summary>Things that needed nothing any more.</summary>
    public long Skipped { get; set; }

    /// <summary>What to tell people when it failed.</summary>
    public string? Error { get; set; }

    /// <summary>The run that this one takes back.</summary>
    public string? UndoOf { get; set; }
}

internal sealed class OperationRunConfiguration : IEntityTypeConfiguration<OperationRun>
{
    public void Configure(EntityTypeBuilder<OperationRun> builder)
    {
        builder.ToTable("operation_runs", "portal");
        builder.Property(r => r.State).HasConversion<string>();
        builder.Property(r => r.Parameters).HasColumnType("jsonb");
        builder.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(r => r.CreatedAt);
        builder.HasIndex(r => r.ExclusiveKey).IsUnique().HasFilter("\"finishedAt\" IS NULL");
        builder.HasIndex(r => r.UndoOf).IsUnique();
        builder.HasIndex(r => r.HeartbeatAt, "operation_runs_unfinished_idx").HasFilter("\"finishedAt\" IS NULL");
    }
}
