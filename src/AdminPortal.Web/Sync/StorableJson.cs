using System.Globalization;
using System.Text.Json;

namespace AdminPortal.Web.Sync;

/// <summary>Finds what JSON can say and a database cannot keep: half a surrogate pair, the character U+0000, numbers out of range.</summary>
internal static class StorableJson
{
    private const int NameShown = 40;
    private const int ExponentLimit = 308;

    /// <summary>What is wrong, beginning with its place such as <c>details.steps[2].name</c>; null: all of it can be kept.</summary>
    public static string? Fault(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(member => Fault(member, place)).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Array => value.EnumerateArray().Select((item, index) => Fault(item, $"{place}[{index}]")).FirstOrDefault(fault => fault is not null),
        JsonValueKind.String => Fault(TextOf(value.GetString), place),
        JsonValueKind.Number => IsInRange(value.GetRawText()) ? null : $"{place} is a number out of range: at most 1e{ExponentLimit}, and no smaller than 1e-{ExponentLimit}.",
        _ => null,
    };

    /// <inheritdoc cref="Fault(JsonElement, string)"/>
    /// <param name="text">Null: it is not valid Unicode.</param>
    public static string? Fault(string? text, string place) => text is null
        ? $"{place} holds text that is not valid Unicode."
        : text.Contains('\0', StringComparison.Ordinal) ? $"{place} holds the character U+0000." : null;

    private static string? Fault(JsonProperty member, string place)
    {
        var name = TextOf(() => member.Name);
        return Fault(name, place) is { } fault ? fault : Fault(member.Value, $"{place}.{(name!.Length > NameShown ? $"{name[..NameShown]}…" : name)}");
    }

    private static string? TextOf(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static bool IsInRange(string number)
    {
        var at = number.IndexOfAny(['e', 'E']);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            && (at < 0 || (int.TryParse(number[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && Math.Abs(exponent) <= ExponentLimit));
    }
}
