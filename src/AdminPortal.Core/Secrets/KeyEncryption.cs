using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Secrets;

/// <summary>Encrypts the keys of Data Protection in the portal's database, where <see cref="KeyEncryptionOptions"/> say with what.</summary>
public static class KeyEncryption
{
    /// <summary>Reads files, since ASP.NET Core wants its certificates while services are registered.</summary>
    /// <exception cref="OptionsValidationException">A file that is named is not there, or holds no key.</exception>
    public static IServiceCollection AddKeyEncryption(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection(KeyEncryptionOptions.Section).Get<KeyEncryptionOptions>() ?? new KeyEncryptionOptions();
        List<string> problems = options is { KeyFile: not null, Certificate: not null } ? [$"{KeyEncryptionOptions.Section} names a KeyFile and a Certificate. Choose one; the other can go to OldKeyFiles or OldCertificates."] : [];
        var current = Key(nameof(options.KeyFile), options.KeyFile, problems);
        var old = options.OldKeyFiles.Select((path, i) => Key($"{nameof(options.OldKeyFiles)}:{i}", path, problems)).ToList();
        var certificate = options.Certificate is { } file ? Certificate(nameof(options.Certificate), file, options.CertificateKey, options.CertificatePassword, problems) : null;
        var oldCertificates = options.OldCertificates.Select((path, i) => Certificate($"{nameof(options.OldCertificates)}:{i}", path, null, options.CertificatePassword, problems)).ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(KeyEncryptionOptions.Section, typeof(KeyEncryptionOptions), problems);
        }

        services.AddSingleton(new KeyFiles(current, [.. old.Append(current).OfType<SecretKey>()]));
        var protection = services.AddDataProtection();
        if (current is not null)
        {
            services.Configure<KeyManagementOptions>(keys => keys.XmlEncryptor = new KeyFileXmlEncryptor(current));
        }
        else if (certificate is not null)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }

        if (oldCertificates.Count > 0)
        {
            protection.UnprotectKeysWithAnyCertificate([.. oldCertificates.Append(certificate).OfType<X509Certificate2>()]);
        }

        return services;
    }

    private static SecretKey? Key(string setting, string? path, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return null;
        }

        var (key, problem) = SecretKey.Read($"{KeyEncryptionOptions.Section}:{setting}", path);
        problems.AddRange(new[] { problem }.OfType<string>());
        return key;
    }

    private static X509Certificate2? Certificate(string setting, string path, string? keyPath, string? password, List<string> problems)
    {
        try
        {
            var isPem = File.ReadAllBytes(path).AsSpan().IndexOf("-----BEGIN"u8) >= 0;
            var certificate = isPem ? X509Certificate2.CreateFromPemFile(path, keyPath ?? path) : X509CertificateLoader.LoadPkcs12FromFile(path, password);
            if (certificate.GetRSAPrivateKey() is null)
            {
                problems.Add($"{KeyEncryptionOptions.Section}:{setting} names {path}, whose key is not an RSA key with its private part.");
            }

            return certificate;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problems.Add($"{KeyEncryptionOptions.Section}:{setting} names {path}, which cannot be read as a certificate with its private key: {exception.Message}");
            return null;
        }
    }
}
