using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Devices;

/// <summary>
/// A row of <c>portal.token_history</c>: the hash of a token that no longer counts, so that a device that still presents
/// it hears "revoked" rather than "unknown", also after its pairing was revived or cleaned up. For a revocation it is the
/// receipt too: what has happened since it was asked for, and when.
/// </summary>
public sealed class EndedToken
{
    public required string Hash { get; set; }
    public required string PairingId { get; set; }
    public required string UserId { get; set; }

    /// <summary>When the token was dead: the time of the transaction that ended it.</summary>
    public DateTimeOffset EndedAt { get; set; }

    /// <summary>Why, in one word: <c>revoked</c>, <c>replaced</c> (paired again), <c>moved</c> (paired by another person), <c>quarantined</c> (suspended; the row goes when it is released).</summary>
    public required string Reason { get; set; }

    /// <summary>When a person asked for it, for a bulk act that ran in the background; null: at <see cref="EndedAt"/>.</summary>
    public DateTimeOffset? RequestedAt { get; set; }

    /// <summary>When no portal instance held a live connection of this device any more; null: not yet known.</summary>
    public DateTimeOffset? ConnectionsCutAt { get; set; }

    /// <summary>How many live connections were cut.</summary>
    public int ConnectionsCut { get; set; }

    /// <summary>When the device said that it knows.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>How often the dead token was presented since.</summary>
    public int CallsSince { get; set; }
    public DateTimeOffset? LastCallAt { get; set; }
    public string? LastCallAddress { get; set; }
}

internal sealed class EndedTokenConfiguration : IEntityTypeConfiguration<EndedToken>
{
    public void Configure(EntityTypeBuilder<EndedToken> builder)
    {
        builder.ToTable("token_history", "portal");
        builder.HasKey(t => t.Hash);
        builder.Property(t => t.EndedAt).HasDefaultValueSql("now()");
        builder.HasIndex(t => new { t.PairingId, t.EndedAt });
    }
}
