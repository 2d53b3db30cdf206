using System.Globalization;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Orders app versions by their numbers: 1.10 is newer than 1.9, and 1.5 is as new as 1.5.0. What follows the numbers (-beta) does not count.</summary>
internal static class AppVersions
{
    public static int Compare(string one, string other)
    {
        var (a, b) = (Numbers(one), Numbers(other));
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var order = a.ElementAtOrDefault(i).CompareTo(b.ElementAtOrDefault(i));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>True for a version with at least one number in front, such as 1.5 or 2.0.1-beta.</summary>
    public static bool IsVersion(string text) => text.Length <= 40 && Numbers(text).Count > 0;

    private static List<long> Numbers(string version)
    {
        var numbers = new List<long>();
        foreach (var part in version.Trim().TrimStart('v', 'V').Split('.'))
        {
            var digits = string.Concat(part.TakeWhile(char.IsAsciiDigit));
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                break;
            }

            numbers.Add(number);
            if (digits.Length < part.Length)
            {
                break;
            }
        }

        return numbers;
    }
}
