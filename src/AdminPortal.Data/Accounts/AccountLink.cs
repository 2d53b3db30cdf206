using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Accounts;

/// <summary>
/// A time in which an account stood for a person (<c>portal.account_links</c> of the portal's own database). The newest one of an account
/// that is linked has no end; what the account's devices are follows from all of them.
/// </summary>
public sealed class AccountLink
{
    public long Id { get; set; }
    public required string AccountId { get; set; }

    /// <summary>The person's id in the primary target, as the account had it.</summary>
    public required string UserId { get; set; }

    /// <summary>By what the person is known again besides the id; null: not looked at yet.</summary>
    public string? Fingerprint { get; set; }
    public DateTimeOffset LinkedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why the portal ended it; null: it goes on, or an admin ended it.</summary>
    public LinkLoss? Loss { get; set; }
}

/// <summary>Why a link between an account and a person does not hold any more.</summary>
public enum LinkLoss
{
    /// <summary>Nobody has the id.</summary>
    Gone,

    /// <summary>Somebody else has the id.</summary>
    OtherPerson,
}

internal sealed class AccountLinkConfiguration : IEntityTypeConfiguration<AccountLink>
{
    public void Configure(EntityTypeBuilder<AccountLink> builder)
    {
        builder.ToTable("account_links", "portal");
        builder.Property(l => l.Id).UseIdentityAlwaysColumn();
        builder.Property(l => l.LinkedAt).HasDefaultValueSql("now()");
        builder.Property(l => l.Loss).HasConversion<string>();
        builder.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => l.AccountId, "account_links_accountId_idx");
        builder.HasIndex(l => l.AccountId, "account_links_open_key").IsUnique().HasFilter("\"endedAt\" IS NULL");
    }
}
