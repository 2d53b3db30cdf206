using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Accounts;

/// <summary>
/// Wrong passwords of one account, one source, or both (<c>portal.sign_in_misses</c> of the portal's own database), so that every instance
/// counts the same. Counts until <see cref="EndsAt"/>, by the database's clock.
/// </summary>
public sealed class SignInMiss
{
    /// <summary>A hash of the e-mail address, whether or not it has an account; empty: every account.</summary>
    public required string Account { get; set; }

    /// <summary>A network, a known browser, or a session; empty: every source.</summary>
    public required string Source { get; set; }
    public int Misses { get; set; }
    public DateTimeOffset EndsAt { get; set; }
}

internal sealed class SignInMissConfiguration : IEntityTypeConfiguration<SignInMiss>
{
    public void Configure(EntityTypeBuilder<SignInMiss> builder)
    {
        builder.ToTable("sign_in_misses", "portal");
        builder.HasKey(m => new { m.Account, m.Source });
        builder.HasIndex(m => m.EndsAt);
    }
}
