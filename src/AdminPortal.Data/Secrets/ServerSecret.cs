using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Secrets;

/// <summary>
/// A long-lived random key of the portal, such as the one for the HMAC of short codes; protected by Data Protection,
/// and in another database than what it is used on.
/// </summary>
public sealed class ServerSecret
{
    public required string Name { get; set; }
    public required string ProtectedValue { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class ServerSecretConfiguration : IEntityTypeConfiguration<ServerSecret>
{
    public void Configure(EntityTypeBuilder<ServerSecret> builder)
    {
        builder.ToTable("server_secrets", "portal");
        builder.HasKey(s => s.Name);
        builder.Property(s => s.CreatedAt).HasDefaultValueSql("now()");
    }
}
