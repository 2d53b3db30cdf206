using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Secrets;

/// <summary>The keys of ASP.NET Core Data Protection, shared by all instances of the portal, so that each reads the others' cookies and tokens.</summary>
internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder)
    {
        builder.ToTable("data_protection_keys", "portal");
        builder.Property(k => k.Id).UseIdentityAlwaysColumn();
        builder.Property(k => k.Xml).IsRequired();
    }
}
