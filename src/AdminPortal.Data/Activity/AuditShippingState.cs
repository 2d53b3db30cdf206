using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Activity;

/// <summary>How far a place outside of the portal has got one of its records (<c>portal.audit_shipping</c> of the portal's own database).</summary>
public sealed class AuditShippingState
{
    public required string Sink { get; set; }
    public required string Source { get; set; }
    public long LastId { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class AuditShippingStateConfiguration : IEntityTypeConfiguration<AuditShippingState>
{
    public void Configure(EntityTypeBuilder<AuditShippingState> builder)
    {
        builder.ToTable("audit_shipping", "portal");
        builder.HasKey(s => new { s.Sink, s.Source });
        builder.Property(s => s.At).HasDefaultValueSql("now()");
    }
}
