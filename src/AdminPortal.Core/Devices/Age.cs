using System.Globalization;

namespace AdminPortal.Core.Devices;

/// <summary>
/// How long ago something was, counted back from the database's clock when it is asked: <c>7d</c> is within the last seven
/// days, <c>over-60d</c> longer ago than sixty.
/// </summary>
public readonly record struct Age(int Days, bool Over)
{
    /// <summary>Ten years.</summary>
    public const int MaximumDays = 3650;

    private const string OverPrefix = "over-";

    /// <summary>Null for anything that is not written so.</summary>
    public static Age? Parse(string? text)
    {
        var over = text?.StartsWith(OverPrefix, StringComparison.OrdinalIgnoreCase) == true;
        var number = over ? text![OverPrefix.Length..] : text;
        return number is [.. var digits, 'd' or 'D'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= MaximumDays
            ? new Age(days, over) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Over ? OverPrefix : "")}{Days}d");
}
