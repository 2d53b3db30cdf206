namespace AdminPortal.Core.Pairing;

/// <summary>
/// Keyed hashes of short codes. A short code has 34 bits, so a plain hash in a stolen database would be guessed in
/// seconds; the key lives in another database.
/// </summary>
public interface IShortCodeKey
{
    Task<byte[]> HmacAsync(string shortCode, CancellationToken cancellationToken);
}
