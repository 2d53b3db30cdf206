using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.ServiceKeys;

/// <summary>
/// A row of <c>portal.service_keys</c>: a service that may ask the portal about devices' tokens. Only the key's hash is
/// kept. Beside the pairings, so that one statement answers both "who asks" and "what about".
/// </summary>
public sealed class ServiceKey
{
    public required string Id { get; set; }

    /// <summary>What people call the service.</summary>
    public required string Name { get; set; }

    /// <summary><c>sha256:</c> and the hex digest of the key.</summary>
    public required string KeyHash { get; set; }

    /// <summary>The key's last four characters, so that people can tell which one a service holds.</summary>
    public required string Ending { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public required string CreatedBy { get; set; }

    /// <summary>At most a minute behind.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedAddress { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public string? RevokedBy { get; set; }
}

internal sealed class ServiceKeyConfiguration : IEntityTypeConfiguration<ServiceKey>
{
    public void Configure(EntityTypeBuilder<ServiceKey> builder)
    {
        builder.ToTable("service_keys", "portal");
        builder.Property(k => k.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(k => k.KeyHash).IsUnique();
        builder.HasIndex(k => k.Name).IsUnique().HasFilter("\"revokedAt\" IS NULL");
    }
}
