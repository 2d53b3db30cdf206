using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// How far a device has read. Opaque to it; not secret and not signed, because it only says what the device claims to have, and
/// rows are found by the bearer's own person.
/// </summary>
/// <param name="Floor">The purge floor when the reading began: a first reading may take longer than a purge.</param>
internal sealed record SyncCursor(string Epoch, string UserId, long Version, int SchemaVersion, long Floor)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"1 {Epoch} {Version} {SchemaVersion} {Floor} {UserId}")));

    /// <summary>Null: it is not one of ours.</summary>
    public static SyncCursor? Parse(string text)
    {
        if (text.Length > 1000 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 6);
        return parts is ["1", var epoch, var version, var schema, var floor, var user]
            && Number(version, out var at) && Number(schema, out var schemaVersion) && schemaVersion <= int.MaxValue && Number(floor, out var from)
            ? new SyncCursor(epoch, user, at, (int)schemaVersion, from)
            : null;
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
