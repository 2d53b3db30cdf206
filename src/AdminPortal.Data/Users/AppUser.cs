using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Users;

/// <summary>
/// A row of <c>public.users</c>, which belongs to the host application and may have more columns there.
/// Only the columns below are read; only <see cref="LastSyncedAt"/> is written by the portal.
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
        builder.ToTable("users", "public");
        builder.Property(u => u.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        builder.HasIndex(u => u.Email).IsUnique();
        builder.HasIndex(u => u.LastSyncedAt);
    }
}
