using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Sync;

/// <summary>
/// A row of <c>sync.consents</c>: a person lets one colleague of support see the words of their tasks for a while. They read a
/// code aloud; whoever types it is the one.
/// </summary>
public sealed class SyncConsent
{
    public required string Id { get; set; }
    public required string UserId { get; set; }

    /// <summary>Of the code that is read aloud.</summary>
    public required byte[] CodeHash { get; set; }

    /// <summary>Wrong codes that were typed; too many end it.</summary>
    public int Misses { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until when the code can be typed, and after that until when the words can be seen.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The account that typed the code; null: nobody did yet.</summary>
    public string? GivenTo { get; set; }
    public string? GivenToName { get; set; }
    public DateTimeOffset? GivenAt { get; set; }

    /// <summary>When the person took it back; null: they did not.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class SyncConsentConfiguration : IEntityTypeConfiguration<SyncConsent>
{
    public void Configure(EntityTypeBuilder<SyncConsent> builder)
    {
        builder.ToTable("consents", "sync");
        builder.Property(c => c.Misses).HasDefaultValue(0);
        builder.Property(c => c.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(c => new { c.UserId, c.CreatedAt });
    }
}
