using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Jobs;

/// <summary>A row of <c>portal.job_runs</c> in the portal's own database: one run of scheduled work and its result.</summary>
public sealed class JobRun
{
    public long Id { get; set; }

    /// <summary>Which job, such as <c>device-policies</c>.</summary>
    public required string Job { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary><c>running</c>, <c>done</c>, <c>failed</c>, <c>stopped</c>, or <c>abandoned</c> when its portal instance died.</summary>
    public required string Outcome { get; set; }

    /// <summary>Who started it: <c>schedule</c> or an account's name.</summary>
    public required string StartedBy { get; set; }
    public required string Instance { get; set; }

    /// <summary>Who asked for it to stop; null: nobody.</summary>
    public string? StopAskedBy { get; set; }

    /// <summary>What it found and did, in words.</summary>
    public string? Message { get; set; }

    /// <summary>Its figures as JSON.</summary>
    public string? Figures { get; set; }
}

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("job_runs", "portal");
        builder.Property(r => r.Id).UseIdentityAlwaysColumn();
        builder.Property(r => r.StartedAt).HasDefaultValueSql("now()");
        builder.Property(r => r.Figures).HasColumnType("jsonb");
        builder.HasIndex(r => new { r.Job, r.Id });
    }
}
