using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Policies;

/// <summary>A row of <c>portal.policy_warnings</c>: the owner of this device was told what a policy will do, and when.</summary>
public sealed class PolicyWarning
{
    public required string Policy { get; set; }
    public required string PairingId { get; set; }
    public DateTimeOffset WarnedAt { get; set; }
}

internal sealed class PolicyWarningConfiguration : IEntityTypeConfiguration<PolicyWarning>
{
    public void Configure(EntityTypeBuilder<PolicyWarning> builder)
    {
        builder.ToTable("policy_warnings", "portal");
        builder.HasKey(w => new { w.Policy, w.PairingId });
        builder.Property(w => w.WarnedAt).HasDefaultValueSql("now()");
        builder.HasOne<Devices.DevicePairing>().WithMany().HasForeignKey(w => w.PairingId).OnDelete(DeleteBehavior.Cascade);
    }
}
