using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Accounts;

/// <summary>A person who signs in to the portal (<c>portal.accounts</c> of the portal's own database).</summary>
public sealed class Account : IdentityUser
{
    public AccountRole Role { get; set; }

    /// <summary>The admin who wants this account to be an admin's, until a second one confirms it; null: nobody does.</summary>
    public string? AdminProposedBy { get; set; }
    public DateTimeOffset? AdminProposedAt { get; set; }

    /// <summary>The row of <c>users</c> in the primary target whose devices are this person's; null: not linked.</summary>
    public string? AppUserId { get; set; }

    /// <summary>Set: the account cannot sign in, and its sessions and devices are ended.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Set while the devices of a disabled account are still to be ended, because the managed database was away.</summary>
    public DateTimeOffset? DevicesToEndSince { get; set; }

    /// <summary>True for accounts that belong to the sample data and go with it.</summary>
    public bool IsSample { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>False: notices reach this person on the portal's pages only.</summary>
    public bool NoticesByMail { get; set; } = true;
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>Counts the links for a new password: only the newest one works.</summary>
    public int ResetLinks { get; set; }

    /// <summary>True while the password is one that the portal made up and wrote down: the first sign-in chooses another.</summary>
    public bool MustChangePassword { get; set; }
}

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts", "portal");
        builder.Property(a => a.Role).HasConversion<string>();
        builder.Property(a => a.CreatedAt).HasDefaultValueSql("now()");
        builder.Property(a => a.NoticesByMail).HasDefaultValue(true).HasSentinel(true);
        builder.HasIndex(a => a.AppUserId).IsUnique();
    }
}
