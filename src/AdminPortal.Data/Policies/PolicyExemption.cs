using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Policies;

/// <summary>A row of <c>portal.policy_exemptions</c>: a person or a device that a policy leaves alone, and why.</summary>
public sealed class PolicyExemption
{
    public required string Id { get; set; }
    public required string Policy { get; set; }

    /// <summary><c>user</c> (all of a person's devices) or <c>pairing</c>.</summary>
    public required string Subject { get; set; }

    /// <summary>The person's or the pairing's id.</summary>
    public required string SubjectId { get; set; }
    public required string Reason { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public required string CreatedBy { get; set; }

    /// <summary>Null: until it is taken back.</summary>
    public DateTimeOffset? Until { get; set; }
}

internal sealed class PolicyExemptionConfiguration : IEntityTypeConfiguration<PolicyExemption>
{
    public void Configure(EntityTypeBuilder<PolicyExemption> builder)
    {
        builder.ToTable("policy_exemptions", "portal");
        builder.Property(e => e.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(e => new { e.Policy, e.Subject, e.SubjectId }).IsUnique();
    }
}
