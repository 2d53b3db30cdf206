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

    /// <summary>The highest version that sync was seen to give there; null: none.</summary>
    public long? HighestHead { get; set; }

    /// <summary>The person of the version that was seen last, with its number and nonce: a target that does not know it was set back.</summary>
    public string? LastStampUserId { get; set; }
    public long? LastStampVersion { get; set; }
    public Guid? LastStampNonce { get; set; }
    public string? LastStampEpoch { get; set; }

    /// <summary>When it was noticed that something else than the portal had set the target back; null: it was not, or sync was reset since.</summary>
    public DateTimeOffset? SetBackAt { get; set; }
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
