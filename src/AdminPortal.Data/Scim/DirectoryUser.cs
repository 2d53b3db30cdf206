using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Scim;

/// <summary>What a directory says of an account (<c>portal.directory_users</c> of the portal's own database), to be told it again as it was.</summary>
public sealed class DirectoryUser
{
    public required string AccountId { get; set; }
    public required string UserName { get; set; }

    /// <summary>The user name in small letters, by which it is found; no other user's.</summary>
    public required string UserKey { get; set; }

    /// <summary>The directory's own id.</summary>
    public string? ExternalId { get; set; }
    public string? DisplayName { get; set; }
    public string? GivenName { get; set; }
    public string? FamilyName { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Set: the directory removed the user. The account stays, disabled.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

internal sealed class DirectoryUserConfiguration : IEntityTypeConfiguration<DirectoryUser>
{
    public void Configure(EntityTypeBuilder<DirectoryUser> builder)
    {
        builder.ToTable("directory_users", "portal");
        builder.HasKey(u => u.AccountId);
        builder.Property(u => u.ChangedAt).HasDefaultValueSql("now()");
        builder.HasOne<Account>().WithOne().HasForeignKey<DirectoryUser>(u => u.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(u => u.UserKey).IsUnique();
        builder.HasIndex(u => u.ExternalId);
    }
}
