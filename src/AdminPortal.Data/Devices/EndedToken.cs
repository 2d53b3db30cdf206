using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Devices;

/// <summary>
/// A row of <c>portal.token_history</c>: the hash of a token that no longer counts, so that a device that still presents
/// it hears "revoked" rather than "unknown", also after its pairing was revived or cleaned up.
/// </summary>
public sealed class EndedToken
{
    public required string Hash { get; set; }
    public required string PairingId { get; set; }
    public required string UserId { get; set; }
    public DateTimeOffset EndedAt { get; set; }

    /// <summary>Why, in one word: <c>revoked</c>, <c>replaced</c> (paired again), <c>moved</c> (paired by another person).</summary>
    public required string Reason { get; set; }
}

internal sealed class EndedTokenConfiguration : IEntityTypeConfiguration<EndedToken>
{
    public void Configure(EntityTypeBuilder<EndedToken> builder)
    {
        builder.ToTable("token_history", "portal");
        builder.HasKey(t => t.Hash);
        builder.Property(t => t.EndedAt).HasDefaultValueSql("now()");
    }
}
