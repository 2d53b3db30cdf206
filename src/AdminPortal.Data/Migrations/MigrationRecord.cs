using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Migrations;

/// <summary>
/// A row of <c>portal.migration_records</c> in the portal's own database: what was done with one migration on one target,
/// by whom, and how it ended. It is the portal's view beside the target's own history.
/// </summary>
public sealed class MigrationRecord
{
    public long Id { get; set; }
    public required string Target { get; set; }

    /// <summary>Which database that was: <see cref="Targets.KnownTarget.Identity"/>.</summary>
    public required string Identity { get; set; }
    public required string MigrationId { get; set; }

    /// <summary>SHA-256 of its SQL, without the product version that EF writes into its history.</summary>
    public required string SqlHash { get; set; }
    public MigrationAct Act { get; set; }
    public string? RunId { get; set; }
    public string? ActorName { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Null while it runs, and when the process died in it: then the target's catalogue says what happened.</summary>
    public bool? Succeeded { get; set; }
    public string? Error { get; set; }
}

/// <summary>What was done with a migration; stored by name. Only <see cref="Up"/> counts as rehearsed.</summary>
public enum MigrationAct
{
    Up,
    Down,

    /// <summary>Recorded as applied, since the catalogue proves that it is there.</summary>
    Adopted,

    /// <summary>Marked as applied after a failure, with proof.</summary>
    ResolvedApplied,

    /// <summary>Marked as not applied after a failure, with proof.</summary>
    ResolvedRolledBack,

    /// <summary>Gone because a backup from before was restored.</summary>
    Restored,

    /// <summary>Taken out of the history by a roll-back, and left as it is: the portal did not make it.</summary>
    Unrecorded,
}

internal sealed class MigrationRecordConfiguration : IEntityTypeConfiguration<MigrationRecord>
{
    public void Configure(EntityTypeBuilder<MigrationRecord> builder)
    {
        builder.ToTable("migration_records", "portal");
        builder.Property(r => r.Id).UseIdentityAlwaysColumn();
        builder.Property(r => r.Act).HasConversion<string>();
        builder.Property(r => r.StartedAt).HasDefaultValueSql("now()");
        builder.HasIndex(r => new { r.Target, r.Id });
    }
}
