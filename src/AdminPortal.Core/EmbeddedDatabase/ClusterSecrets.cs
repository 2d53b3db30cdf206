using System.Security.Cryptography;
using System.Text.Json;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>The cluster's three passwords. Made before the cluster, so that a set-up that dies half-way can be repeated.</summary>
internal sealed record ClusterSecrets(string Superuser, string Owner, string Runtime)
{
    public static async Task<ClusterSecrets?> ReadAsync(ClusterLocation location, CancellationToken cancellationToken)
    {
        if (!File.Exists(location.SecretsFile))
            return null;
        await using var stream = File.OpenRead(location.SecretsFile);
        return await JsonSerializer.DeserializeAsync<ClusterSecrets>(stream, cancellationToken: cancellationToken);
    }

    public static async Task<ClusterSecrets> ReadOrCreateAsync(ClusterLocation location, CancellationToken cancellationToken)
    {
        if (await ReadAsync(location, cancellationToken) is { } existing)
            return existing;
        if (location.IsInitialised)
        {
            throw new EmbeddedDatabaseException(
                $"The database in {location.Data} has lost its passwords: {location.SecretsFile} is gone. Restore that file from a backup, or move {location.Home} away to start anew.");
        }

        var created = new ClusterSecrets(NewPassword(), NewPassword(), NewPassword());
        await PrivateFile.WriteAsync(location.SecretsFile, JsonSerializer.Serialize(created), PrivateFile.OwnerOnly, cancellationToken);
        return created;
    }

    /// <summary>Letters and digits only: usable in SQL literals and URLs without escaping. 190 bits.</summary>
    private static string NewPassword() =>
        RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32);
}
