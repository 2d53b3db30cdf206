using System.Text.RegularExpressions;

namespace AdminPortal.Browser.Tests.Pairing;

/// <summary>The number by which a person tells their own device from another.</summary>
internal static partial class TwoDigits
{
    [GeneratedRegex("^[0-9]{2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Pattern { get; }

    /// <summary>Another one.</summary>
    public static string NotThis(string number) => number == "10" ? "11" : "10";
}
