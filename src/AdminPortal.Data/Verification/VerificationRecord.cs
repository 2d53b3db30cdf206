using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Verification;

/// <summary>A row of <c>portal.verifications</c> in the portal's own database: what the checks of one target found at one time.</summary>
public sealed class VerificationRecord
{
    public required string Id { get; set; }
    public required string Target { get; set; }

    /// <summary>Which database that was: <see cref="Targets.KnownTarget.Identity"/>; null: it did not answer.</summary>
    public string? Identity { get; set; }

    /// <summary>The operation run that it belongs to.</summary>
    public string? RunId { get; set; }
    public string? ActorName { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset FinishedAt { get; set; }

    /// <summary>True when no check of severity error failed.</summary>
    public bool Passed { get; set; }
    public int Errors { get; set; }
    public int Warnings { get; set; }

    /// <summary>False: the checks that read whole tables were left out.</summary>
    public bool WithData { get; set; }

    /// <summary>The newest migration that the target had.</summary>
    public string? MigratedTo { get; set; }

    /// <summary>Each check with its result, as JSON.</summary>
    public required string Checks { get; set; }
}

internal sealed class VerificationRecordConfiguration : IEntityTypeConfiguration<VerificationRecord>
{
    public void Configure(EntityTypeBuilder<VerificationRecord> builder)
    {
        builder.ToTable("verifications", "portal");
        builder.Property(v => v.Checks).HasColumnType("jsonb");
        builder.HasIndex(v => new { v.Target, v.StartedAt });
    }
}
