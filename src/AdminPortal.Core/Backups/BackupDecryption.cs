using System.Security.Cryptography;
using AdminPortal.Core.Secrets;

namespace AdminPortal.Core.Backups;

/// <summary>Makes an ordinary dump of a file that was downloaded, where the portal's databases may be gone: with nothing but the file and its key.</summary>
public static class BackupDecryption
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What is wrong, for people, and nothing is left then; null: <paramref name="to"/> is the whole dump.</summary>
    public static async Task<string?> RunAsync(string from, string keyFile, string to, CancellationToken cancellationToken)
    {
        var (key, problem) = SecretKey.Read("--key", keyFile);
        if (key is null)
        {
            return problem;
        }

        try
        {
            await using var file = StoredDump.Open(from);
            await using var dump = new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, Options = FileOptions.Asynchronous });
            try
            {
                await SealedReader.CopyAsync(file, key, bytes => dump.WriteAsync(bytes, cancellationToken), cancellationToken);
                return null;
            }
            catch
            {
                File.Delete(to); // a part must not be taken for the whole
                throw;
            }
        }
        catch (CryptographicException exception)
        {
            return $"{from} cannot be decrypted with the key {key.Id}: it was cut or altered, or has another key. {exception.Message}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
