using AdminPortal.Data.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AdminPortal.Data.Pairing;

/// <summary>
/// A row of <c>portal.pairing_sessions</c>: one pairing code from its making to the token or its end. Holds hashes of
/// its secrets only, except <see cref="Seed"/>, which lives from the claim until the token's first use (10 minutes at most).
/// </summary>
public sealed class PairingSession
{
    /// <summary>128 random bits, lower-case hex.</summary>
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public PairingState State { get; set; }

    /// <summary>Why the session ended, in one word: see <c>PairingEnds</c> in the portal.</summary>
    public string? EndReason { get; set; }
    public required byte[] SecretHash { get; set; }
    public required byte[] ShortCodeHmac { get; set; }

    /// <summary>The scopes bound to the code, as JSON: <c>[{"scope":"…","expiresAt":…}]</c>.</summary>
    public required string Scopes { get; set; }
    public DeviceType? ExpectedDeviceType { get; set; }
    public string? ChosenDeviceName { get; set; }
    public int PairingDays { get; set; }

    /// <summary>Wrong secrets presented so far.</summary>
    public int Misses { get; set; }

    /// <summary>The address of the user who made the code.</summary>
    public string? CreatedAddress { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    public byte[]? ClaimKeyHash { get; set; }
    public byte[]? Seed { get; set; }
    public string? DeviceId { get; set; }
    public DeviceType? DeviceType { get; set; }
    public string? DeviceName { get; set; }
    public string? Platform { get; set; }
    public string? OsVersion { get; set; }
    public string? AppVersion { get; set; }
    public string? Address { get; set; }
    public string? UserAgent { get; set; }
    public DateTimeOffset? ClaimedAt { get; set; }
    public DateTimeOffset? CollectedAt { get; set; }
    public string? PairingId { get; set; }
}

internal sealed class PairingSessionConfiguration : IEntityTypeConfiguration<PairingSession>
{
    public void Configure(EntityTypeBuilder<PairingSession> builder)
    {
        builder.ToTable("pairing_sessions", "portal");
        builder.Property(s => s.State).HasConversion(new ValueConverter<PairingState, string>(
            state => state.ToString().ToLowerInvariant(), text => Enum.Parse<PairingState>(text, true)));
        builder.Property(s => s.Scopes).HasColumnType("jsonb");
        builder.Property(s => s.CreatedAt).HasDefaultValueSql("now()");
        builder.HasIndex(s => s.ShortCodeHmac);
        builder.HasIndex(s => new { s.UserId, s.CreatedAt });
        builder.HasIndex(s => s.ExpiresAt);
        // Finds, at a bearer's first use, the session whose seed is to be erased.
        builder.HasIndex(s => s.PairingId).HasFilter("\"seed\" IS NOT NULL");
    }
}
