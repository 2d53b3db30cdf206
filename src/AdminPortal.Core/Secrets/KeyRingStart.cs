using System.Xml;
using AdminPortal.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Secrets;

/// <summary>
/// Looks at the keys of Data Protection before anything uses them. Left alone it makes a new key for one that it cannot read: everybody
/// would be signed out, and server secrets lost, without a word.
/// </summary>
internal sealed class KeyRingStart(IKeyManager manager, IOptions<KeyManagementOptions> options, IDbContextFactory<PortalDbContext> contexts, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => CheckAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="OptionsValidationException">Keys cannot be read with what the configuration gives.</exception>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var unreadable = manager.GetAllKeys().Where(key => !key.IsRevoked).Select(Problem).OfType<string>().ToList();
        if (unreadable.Count > 0)
        {
            throw new OptionsValidationException(KeyEncryptionOptions.Section, typeof(KeyEncryptionOptions),
            [
                $"{unreadable.Count} of the keys in portal.data_protection_keys cannot be read. {unreadable[0]} Give the key file or certificate under Portal:KeyEncryption (KeyFile, Certificate, OldKeyFiles, OldCertificates). "
                + "If it is lost for good: delete those rows, and the rows of portal.server_secrets; everybody signs in again then, and no new key was made meanwhile.",
            ]);
        }

        if (options.Value.XmlEncryptor is not null)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.DataProtectionKeys.AnyAsync(cancellationToken) && !await db.DataProtectionKeys.AnyAsync(key => key.Xml!.Contains("<encryptedSecret"), cancellationToken))
            {
                manager.CreateNewKey(time.GetUtcNow(), time.GetUtcNow() + options.Value.NewKeyLifetime); // else the plain ones would go on for months
            }
        }
    }

    /// <summary>Null: it can be read.</summary>
    private static string? Problem(IKey key)
    {
        try
        {
            _ = key.Descriptor;
            return null;
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or InvalidOperationException or XmlException or FormatException)
        {
            return $"The one of {key.CreationDate:yyyy-MM-dd}: {exception.Message}";
        }
    }
}
