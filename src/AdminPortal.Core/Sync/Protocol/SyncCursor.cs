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
    private const string None = "-";

    /// <summary>The entity that is read alone; null: all are read.</summary>
    public string? Entity { get; init; }

    /// <summary>Of a first reading from the newest to the oldest: the version at which it began, and from which it goes on upwards when it is through.</summary>
    public long? Top { get; init; }

    /// <summary>Everything up to here is with the device.</summary>
    public long Reached => Top is null ? Version : 0;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"3 {Epoch} {Version} {SchemaVersion} {Floor} {Entity ?? None} {Top?.ToString(CultureInfo.InvariantCulture) ?? None} {Stamp?.Head.ToString(CultureInfo.InvariantCulture) ?? None} {Stamp?.Nonce.ToString("N") ?? None} {UserId}")));

    /// <summary>Null: it is not one of ours. Those of earlier releases are.</summary>
    public static SyncCursor? Parse(string text)
    {
        if (text.Length > 1000 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return plain.Split(' ', 6) is ["1", var oldEpoch, var oldVersion, var oldSchema, var oldFloor, var oldUser] ? Of(oldEpoch, oldVersion, oldSchema, oldFloor, None, None, None, None, oldUser)
            : plain.Split(' ', 8) is ["2", var itsEpoch, var itsVersion, var itsSchema, var itsFloor, var itsHead, var itsNonce, var itsUser] ? Of(itsEpoch, itsVersion, itsSchema, itsFloor, None, None, itsHead, itsNonce, itsUser)
            : plain.Split(' ', 10) is ["3", var epoch, var version, var schema, var floor, var entity, var top, var head, var nonce, var user] ? Of(epoch, version, schema, floor, entity, top, head, nonce, user)
            : null;
    }

    private static SyncCursor? Of(string epoch, string version, string schema, string floor, string entity, string top, string head, string nonce, string user)
    {
        long from = 0;
        if (!Number(version, out var at) || !Number(schema, out var schemaVersion) || schemaVersion > int.MaxValue || !Number(floor, out var purged) || (top != None && !Number(top, out from)))
        {
            return null;
        }

        SyncStampMark? stamp = null;
        if (head != None || nonce != None)
        {
            if (!Number(head, out var reached) || !Guid.TryParseExact(nonce, "N", out var given))
            {
                return null;
            }

            stamp = new SyncStampMark(reached, given);
        }

        return new SyncCursor(epoch, user, at, (int)schemaVersion, purged, stamp) { Entity = entity == None ? null : entity, Top = top == None ? null : from };
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A version that a person's data had reached, with the nonce of that moment: a database that is set back gives the version again, and never the nonce.</summary>
internal sealed record SyncStampMark(long Head, Guid Nonce);
