using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Users;

/// <summary>
/// A row of the view <c>portal.users</c>: a person, whatever the host calls its table and columns (docs/decisions/0015).
/// Only <see cref="LastSyncedAt"/> is written by the portal.
/// </summary>
public sealed class AppUser
{
    public required string Id { get; set; }
    public required string Email { get; set; }
    public string? Name { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>UTC; when a device last reached the head of this user's data with nothing left to send.</summary>
    public DateTime? LastSyncedAt { get; set; }
}

internal sealed class AppUserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> builder)
    {
        builder.ToTable("users", "portal", table => table.ExcludeFromMigrations());
        builder.Property(u => u.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
    }
}
