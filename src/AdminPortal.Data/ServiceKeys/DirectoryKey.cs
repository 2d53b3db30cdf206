using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.ServiceKeys;

/// <summary>
/// A row of <c>portal.directory_keys</c> of the portal's own database: a directory, such as Entra ID or Okta, that may make and disable
/// accounts by SCIM. Only the key's hash is kept.
/// </summary>
public sealed class DirectoryKey
{
    public required string Id { get; set; }

    /// <summary>What people call the directory.</summary>
    public required string Name { get; set; }

    /// <summary><c>sha256:</c> and the hex digest of the key.</summary>
    public required string KeyHash { get; set; }

    /// <summary>The key's last four characters.</summary>
    public required string Ending { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public required string CreatedBy { get; set; }

    /// <summary>At most a minute behind.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedAddress { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public string? RevokedBy { get; set; }
}

internal sealed class DirectoryKeyConfiguration : IEntityTypeConfiguration<DirectoryKey>
{
    public void Configure(EntityTypeBuilder<DirectoryKey> builder)
    {
        builder.ToTable("directory_keys", "portal");
        builder.Property(k => k.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(k => k.KeyHash).IsUnique();
        builder.HasIndex(k => k.Name).IsUnique().HasFilter("\"revokedAt\" IS NULL");
    }
}
