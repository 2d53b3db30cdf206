using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Accounts;

/// <summary>
/// <c>portal.account_passkeys</c> of the portal's own database: Identity's own entity, mapped by hand, since Identity's version of the schema that
/// has it would change other tables too.
/// </summary>
internal sealed class AccountPasskeyConfiguration : IEntityTypeConfiguration<IdentityUserPasskey<string>>
{
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<string>> builder)
    {
        builder.ToTable("account_passkeys", "portal");
        builder.HasKey(p => p.CredentialId);
        builder.OwnsOne(p => p.Data, data => data.ToJson("data"));
        builder.Property<DateTimeOffset?>(AccountPasskey.LastUsedAt);
        builder.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId).IsRequired().OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(p => p.UserId);
    }
}

/// <summary>What the portal knows of a passkey beyond Identity.</summary>
public static class AccountPasskey
{
    /// <summary>The column's name in the model.</summary>
    public const string LastUsedAt = "LastUsedAt";
}
