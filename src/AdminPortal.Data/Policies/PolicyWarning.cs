using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminPortal.Data.Policies;

/// <summary>
/// A row of <c>portal.policy_warnings</c>: what the owner of this device was told that a policy will do, and when; and whether it
/// has. The promise holds whatever becomes of the settings: nothing harsher happens, and nothing sooner, before they are told anew.
/// </summary>
public sealed class PolicyWarning
{
    public required string Policy { get; set; }
    public required string PairingId { get; set; }
    public DateTimeOffset WarnedAt { get; set; }

    /// <summary><c>quarantine</c> or <c>revoke</c>; null: the policy was switched off since, and nothing is announced any more.</summary>
    public string? Act { get; set; }

    /// <summary>Not before this time. Moves on by what the portal did not answer.</summary>
    public DateTimeOffset? ActsAt { get; set; }

    /// <summary>When the policy did it; null: not yet.</summary>
    public DateTimeOffset? ActedAt { get; set; }
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
