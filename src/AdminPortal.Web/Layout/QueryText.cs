using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminPortal.Web.Layout;

/// <summary>The state of a list in the query of its address, so that a link or a reload shows the same view.</summary>
internal static class QueryText
{
    /// <summary>The address with what differs from the defaults; null values are left out.</summary>
    public static string Address(string path, params (string Name, string? Value)[] values) =>
        QueryHelpers.AddQueryString(path, values.Where(v => !string.IsNullOrEmpty(v.Value)).Select(v => KeyValuePair.Create(v.Name, v.Value)));

    /// <summary><c>lastSeen</c> for ascending, <c>-lastSeen</c> for descending.</summary>
    public static string Sort<T>(T sort, bool descending)
        where T : struct, Enum => (descending ? "-" : "") + Word(sort);

    public static (T Sort, bool Descending)? ParseSort<T>(string? text)
        where T : struct, Enum => Parse<T>(text?.TrimStart('-')) is { } sort ? (sort, text!.StartsWith('-')) : null;

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>By name only, in any case; null for anything else.</summary>
    public static T? Parse<T>(string? text)
        where T : struct, Enum => Enum.GetValues<T>().Where(v => string.Equals(v.ToString(), text, StringComparison.OrdinalIgnoreCase)).Select(v => (T?)v).FirstOrDefault();

    public static Func<string, string?> Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address, UriKind.RelativeOrAbsolute) is { IsAbsoluteUri: true } uri ? uri.Query : address[Math.Max(0, address.IndexOf('?', StringComparison.Ordinal))..]);
        return name => query.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value) ? value.ToString() : null;
    }
}
