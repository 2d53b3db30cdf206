using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Runs;

/// <summary>A row of <c>portal.run_steps</c> in the portal's own database: one part of an operation run, in its order.</summary>
public sealed class RunStep
{
    public required string RunId { get; set; }

    /// <summary>Counted from 1 over all attempts of the run.</summary>
    public int Position { get; set; }
    public required string Title { get; set; }
    public RunStepState State { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How far it is, and once it ended what came of it.</summary>
    public string? Detail { get; set; }
}

/// <summary>The stages of a step; stored by name.</summary>
public enum RunStepState
{
    Running,
    Done,
    Failed,

    /// <summary>Someone asked the run to stop.</summary>
    Stopped,

    /// <summary>The portal's process ended in the middle of it; a later step takes it up.</summary>
    Interrupted,
}

internal sealed class RunStepConfiguration : IEntityTypeConfiguration<RunStep>
{
    public void Configure(EntityTypeBuilder<RunStep> builder)
    {
        builder.ToTable("run_steps", "portal");
        builder.HasKey(s => new { s.RunId, s.Position });
        builder.Property(s => s.State).HasConversion<string>();
        builder.HasOne<OperationRun>().WithMany().HasForeignKey(s => s.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
