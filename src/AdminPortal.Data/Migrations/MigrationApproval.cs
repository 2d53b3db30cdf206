using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Migrations;

/// <summary>
/// A row of <c>portal.migration_approvals</c> in the portal's own database: an admin read a preview and agrees to exactly that.
/// </summary>
public sealed class MigrationApproval
{
    public required string Id { get; set; }
    public required string Target { get; set; }

    /// <summary>Hash over the database's identity, its history and the SQL of what is pending; anything that changes voids it.</summary>
    public required string ApprovalHash { get; set; }
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The run that it allowed; null: it still counts.</summary>
    public string? UsedByRunId { get; set; }
}

internal sealed class MigrationApprovalConfiguration : IEntityTypeConfiguration<MigrationApproval>
{
    public void Configure(EntityTypeBuilder<MigrationApproval> builder)
    {
        builder.ToTable("migration_approvals", "portal");
        builder.Property(a => a.At).HasDefaultValueSql("now()");
        builder.HasIndex(a => new { a.Target, a.ApprovalHash });
    }
}
