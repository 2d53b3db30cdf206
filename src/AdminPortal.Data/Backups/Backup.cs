using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Backups;

/// <summary>A row of <c>portal.backups</c> in the portal's own database: one dump of a target, and what proves it.</summary>
public sealed class Backup
{
    public required string Id { get; set; }

    /// <summary>The name of the target it was taken of.</summary>
    public required string Target { get; set; }

    /// <summary>Which database that was: <see cref="Targets.KnownTarget.Identity"/>.</summary>
    public required string Identity { get; set; }

    /// <summary>The run that took it.</summary>
    public required string RunId { get; set; }

    /// <summary>Of the file in the backup folder, without a path.</summary>
    public required string FileName { get; set; }

    /// <summary>The folder that it lies in, as the folder itself says (a file with a random id); null: taken before folders were told apart.</summary>
    public string? Folder { get; set; }

    /// <summary>The machine that has the folder, for people.</summary>
    public string? Machine { get; set; }

    /// <summary>The id of the key that it is encrypted with; null: it is not.</summary>
    public string? KeyId { get; set; }
    public BackupState State { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public long SizeBytes { get; set; }

    /// <summary>Of the whole file, in lower-case hex; null until it is complete.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The server's version when it was taken, and the one of pg_dump.</summary>
    public required string ServerVersion { get; set; }
    public string? ToolVersion { get; set; }

    /// <summary>The newest migration that the target had; null: none.</summary>
    public string? MigratedTo { get; set; }

    /// <summary>Rows per table when it was taken, as JSON; null: not counted.</summary>
    public string? Rows { get; set; }

    /// <summary>When pg_restore last listed it and its checksum was right.</summary>
    public DateTimeOffset? ListedAt { get; set; }

    /// <summary>When it was last restored into a scratch database with the same rows per table.</summary>
    public DateTimeOffset? RestoredAt { get; set; }

    /// <summary>True: retention leaves it alone.</summary>
    public bool IsKept { get; set; }
    public DateTimeOffset? RemovedAt { get; set; }
    public string? RemovedBy { get; set; }

    /// <summary>What to tell people when it failed, or was found damaged.</summary>
    public string? Error { get; set; }
}

/// <summary>The stages of a backup; stored by name.</summary>
public enum BackupState
{
    Taking,
    Complete,

    /// <summary>Not complete; no file is left.</summary>
    Failed,

    /// <summary>Its file is missing or is not the one that was written.</summary>
    Damaged,
    Removed,
}

internal sealed class BackupConfiguration : IEntityTypeConfiguration<Backup>
{
    public void Configure(EntityTypeBuilder<Backup> builder)
    {
        builder.ToTable("backups", "portal");
        builder.Property(b => b.State).HasConversion<string>();
        builder.Property(b => b.StartedAt).HasDefaultValueSql("now()");
        builder.Property(b => b.Rows).HasColumnType("jsonb");
        builder.HasIndex(b => new { b.Target, b.StartedAt });
    }
}
