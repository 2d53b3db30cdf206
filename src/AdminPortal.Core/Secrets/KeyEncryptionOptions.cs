namespace AdminPortal.Core.Secrets;

/// <summary>Section <c>Portal:KeyEncryption</c>: with what the keys are encrypted that protect cookies, links and server secrets.</summary>
public sealed class KeyEncryptionOptions
{
    public const string Section = "Portal:KeyEncryption";

    /// <summary>A file with a key of 32 bytes.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A certificate with its private key: PKCS#12, or PEM.</summary>
    public string? Certificate { get; set; }

    /// <summary>Of the PKCS#12 file.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>The PEM file of the private key, where it is another one than the certificate's.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Key files of before, to read what was encrypted with them.</summary>
    public IList<string> OldKeyFiles { get; } = [];

    /// <summary>Certificates of before, like <see cref="Certificate"/> and with its password.</summary>
    public IList<string> OldCertificates { get; } = [];
}
