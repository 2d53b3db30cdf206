using System.Buffers.Text;
using System.Text.Json;

namespace AdminPortal.Core.Lists;

/// <summary>
/// A place in a sorted list: the sort it belongs to, the values of the row it stands at, and the direction to read in.
/// Opaque to callers; it is neither secret nor trusted, since it only ever becomes parameters of a comparison.
/// </summary>
/// <param name="Sort">The sort by name; a cursor of another sort has no meaning.</param>
/// <param name="Key">The row's sort value as text.</param>
/// <param name="Id">What tells rows of one value apart.</param>
/// <param name="Stretch">Of an order that has several stretches: which one.</param>
public sealed record ListCursor(string Sort, bool Descending, string Key, string Id, bool Backwards, int Stretch = 0)
{
    private const int MaximumLength = 2000;

    /// <summary>Null for text that is not a cursor of this portal.</summary>
    public static ListCursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaximumLength || !Base64Url.IsValid(text))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ListCursor>(Base64Url.DecodeFromChars(text)) is { Sort: not null, Key: not null, Id: not null } cursor
                && !cursor.Key.Contains('\0') && !cursor.Id.Contains('\0') ? cursor : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));
}
