using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Hosts;

/// <summary>A row of <c>portal.target_mappings</c> in the portal's own database: where a target's host has its people, and who said so.</summary>
public sealed class TargetMapping
{
    public required string Target { get; set; }

    /// <summary>Of the database that was looked at, as <c>7316…/main</c>.</summary>
    public required string Identity { get; set; }

    /// <summary>The mapping with what the catalogue said of its columns, in JSON.</summary>
    public required string People { get; set; }
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class TargetMappingConfiguration : IEntityTypeConfiguration<TargetMapping>
{
    public void Configure(EntityTypeBuilder<TargetMapping> builder)
    {
        builder.ToTable("target_mappings", "portal");
        builder.HasKey(m => m.Target);
        builder.Property(m => m.People).HasColumnType("jsonb");
        builder.Property(m => m.At).HasDefaultValueSql("now()");
    }
}
