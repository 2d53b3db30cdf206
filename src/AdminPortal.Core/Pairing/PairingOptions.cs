using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Pairing;

/// <summary>What the QR code holds.</summary>
public enum QrFormat
{
    /// <summary>An address of the portal with the payload in its fragment: any phone's camera opens it.</summary>
    Url,

    /// <summary>The bare JSON payload, for apps that scan by themselves.</summary>
    Json,
}

/// <summary>Section <c>Pairing</c> of the configuration.</summary>
public sealed class PairingOptions
{
    public const string Section = "Pairing";

    public QrFormat QrFormat { get; set; } = QrFormat.Url;

    /// <summary>False: a claim is answered with the token at once, without the match number.</summary>
    public bool RequireConfirmation { get; set; } = true;

    /// <summary>How long an unclaimed code lives, in seconds.</summary>
    [Range(30, 600, ErrorMessage = "Pairing:CodeSeconds must be between 30 and 600.")]
    public int CodeSeconds { get; set; } = 120;

    /// <summary>How long a claimed session lives, and how long a collected token can be collected again, in seconds.</summary>
    [Range(60, 3600, ErrorMessage = "Pairing:ClaimedSeconds must be between 60 and 3600.")]
    public int ClaimedSeconds { get; set; } = 600;

    /// <summary>How often the page makes a new code by itself before it asks.</summary>
    [Range(0, 100, ErrorMessage = "Pairing:Renewals must be between 0 and 100.")]
    public int Renewals { get; set; } = 5;

    [Range(1, 3650, ErrorMessage = "Pairing:DefaultDays must be between 1 and 3650.")]
    public int DefaultDays { get; set; } = 90;

    [Range(1, 3650, ErrorMessage = "Pairing:MaximumDays must be between 1 and 3650.")]
    public int MaximumDays { get; set; } = 365;

    [ValidateObjectMembers]
    public PairingLimitOptions Limits { get; } = new();
}

/// <summary>Section <c>Pairing:Limits</c>; each number counts per minute and per portal instance unless it says otherwise.</summary>
public sealed class PairingLimitOptions
{
    /// <summary>Wrong secrets that burn a session.</summary>
    [Range(1, 100, ErrorMessage = "Pairing:Limits:MissesPerSession must be between 1 and 100.")]
    public int MissesPerSession { get; set; } = 5;

    /// <summary>Failed claims without a short code per address (IPv6: per /64). Successes are not counted.</summary>
    [Range(1, 100_000, ErrorMessage = "Pairing:Limits:FailuresPerAddress must be between 1 and 100000.")]
    public int FailuresPerAddress { get; set; } = 10;

    /// <summary>Wrong short codes per address: many people of one building share it, and a code has 34 bits.</summary>
    [Range(1, 100_000, ErrorMessage = "Pairing:Limits:ShortCodeMissesPerAddress must be between 1 and 100000.")]
    public int ShortCodeMissesPerAddress { get; set; } = 60;

    /// <summary>Wrong short codes from everywhere together.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Pairing:Limits:ShortCodeMisses must be between 1 and 1000000.")]
    public int ShortCodeMisses { get; set; } = 200;

    /// <summary>New codes per account.</summary>
    [Range(1, 100_000, ErrorMessage = "Pairing:Limits:CodesPerAccount must be between 1 and 100000.")]
    public int CodesPerAccount { get; set; } = 10;

    /// <summary>Calls with one revoked token.</summary>
    [Range(1, 100_000, ErrorMessage = "Pairing:Limits:CallsPerRevokedDevice must be between 1 and 100000.")]
    public int CallsPerRevokedDevice { get; set; } = 30;
}
