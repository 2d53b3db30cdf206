using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Activity;

/// <summary>
/// A row of <c>portal.audit_events</c> in the portal's own database: what people did to accounts and the portal.
/// Append-only: the runtime role cannot change or delete it.
/// </summary>
public sealed class AuditEvent
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string ActorId { get; set; }
    public string? ActorName { get; set; }
    public string? ActorRole { get; set; }

    /// <summary>What was done, as <c>object.verb</c>: <c>account.created</c>, <c>sign-in.failed</c>.</summary>
    public required string Action { get; set; }

    /// <summary>To what: an account's id or another object's name.</summary>
    public string? Subject { get; set; }
    public string? Reason { get; set; }
    public string? Address { get; set; }
    public required string Outcome { get; set; }
}

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("audit_events", "portal");
        builder.Property(e => e.Id).UseIdentityAlwaysColumn();
        builder.Property(e => e.At).HasDefaultValueSql("now()");
        builder.HasIndex(e => new { e.Subject, e.Id });
        builder.HasIndex(e => new { e.ActorId, e.Id });
    }
}
