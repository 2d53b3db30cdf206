using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Accounts;

/// <summary>
/// One sign-in of an account (<c>portal.account_sessions</c> of the portal's own database): a browser's cookie, or a program's family of
/// refresh tokens. What is signed names this row, and counts only while the row does.
/// </summary>
public sealed class AccountSession
{
    public required string Id { get; set; }
    public required string AccountId { get; set; }
    public AccountSessionKind Kind { get; set; }

    /// <summary>The account's stamp at the sign-in: another password, role, link or state makes the session count no more.</summary>
    public required string SecurityStamp { get; set; }
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When the person last showed again, in this session, that it is them; null: not since the sign-in.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>Moves on at most once a minute.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Set: signed out, revoked, or a refresh token was used twice.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How often a program's refresh token was exchanged; only the token of the last exchange is good.</summary>
    public int Refreshes { get; set; }
    public string? Address { get; set; }
    public string? UserAgent { get; set; }

    /// <summary>The provider at which the person signed in, by its name in the settings; null: with a password.</summary>
    public string? Provider { get; set; }
    public string? ProviderSubject { get; set; }

    /// <summary>The provider's own name for its session, by which it ends this one.</summary>
    public string? ProviderSessionId { get; set; }

    /// <summary>The provider's signed token, shown to it again at sign-out. It opens nothing.</summary>
    public string? ProviderToken { get; set; }
}

internal sealed class AccountSessionConfiguration : IEntityTypeConfiguration<AccountSession>
{
    public void Configure(EntityTypeBuilder<AccountSession> builder)
    {
        builder.ToTable("account_sessions", "portal");
        builder.Property(s => s.Kind).HasConversion<string>();
        builder.Property(s => s.StartedAt).HasDefaultValueSql("now()");
        builder.Property(s => s.LastSeenAt).HasDefaultValueSql("now()");
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(s => s.AccountId);
        builder.HasIndex(s => new { s.Provider, s.ProviderSubject });
    }
}
