using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// How far a device has read. Opaque to it; not secret and not signed, because it only says what the device claims to have, and
/// rows are found by the bearer's own person.
/// </summary>
/// <param name="Floor">The purge floor when the reading began: a first reading may take longer than a purge.</param>
/// <param name="Stamp">Where the person's data stood when the cursor was issued; null in cursors from before that was known.</param>
internal sealed record SyncCursor(string Epoch, string UserId, long Version, int SchemaVersion, long Floor, SyncStampMark? Stamp)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Stamp is { } stamp
        ? string.Create(CultureInfo.InvariantCulture, $"2 {Epoch} {Version} {SchemaVersion} {Floor} {stamp.Head} {stamp.Nonce:N} {UserId}")
        : string.Create(CultureInfo.InvariantCulture, $"1 {Epoch} {Version} {SchemaVersion} {Floor} {UserId}")));

    /// <summary>Null: it is not one of ours.</summary>
    public static SyncCursor? Parse(string text)
    {
        if (text.Length > 1000 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return plain.Split(' ', 6) is ["1", var epoch, var version, var schema, var floor, var user] ? Of(epoch, version, schema, floor, user, null)
            : plain.Split(' ', 8) is ["2", var itsEpoch, var itsVersion, var itsSchema, var itsFloor, var head, var nonce, var person]
                && Number(head, out var at) && Guid.TryParseExact(nonce, "N", out var given) ? Of(itsEpoch, itsVersion, itsSchema, itsFloor, person, new SyncStampMark(at, given))
            : null;
    }

    private static SyncCursor? Of(string epoch, string version, string schema, string floor, string user, SyncStampMark? stamp) =>
        Number(version, out var at) && Number(schema, out var schemaVersion) && schemaVersion <= int.MaxValue && Number(floor, out var from)
            ? new SyncCursor(epoch, user, at, (int)schemaVersion, from, stamp)
            : null;

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A version that a person's data had reached, with the nonce of that moment: a database that is set back gives the version again, and never the nonce.</summary>
internal sealed record SyncStampMark(long Head, Guid Nonce);
