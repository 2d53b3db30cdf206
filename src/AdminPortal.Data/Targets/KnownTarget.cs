using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Targets;

/// <summary>
/// A row of <c>portal.known_targets</c> in the portal's own database: which database the portal last met under a target's
/// name, so that a connection string that suddenly leads to another one is noticed before anything is changed there.
/// </summary>
public sealed class KnownTarget
{
    public required string Name { get; set; }

    /// <summary>The server's system identifier and the database's name, as <c>7316…/main</c>.</summary>
    public required string Identity { get; set; }
    public DateTimeOffset SeenSince { get; set; }
}

internal sealed class KnownTargetConfiguration : IEntityTypeConfiguration<KnownTarget>
{
    public void Configure(EntityTypeBuilder<KnownTarget> builder)
    {
        builder.ToTable("known_targets", "portal");
        builder.HasKey(t => t.Name);
        builder.Property(t => t.SeenSince).HasDefaultValueSql("now()");
    }
}
