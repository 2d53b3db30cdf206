using System.Globalization;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Devices;

/// <summary>
/// Filters typed in the search field, such as <c>user:maier seen:&gt;7d tablet</c>: each that can be read becomes part of the filter,
/// the other words are searched for.
/// </summary>
/// <param name="Filter">With what was read.</param>
/// <param name="Rest">What is left in the field.</param>
/// <param name="Took">Something was read.</param>
/// <param name="Problem">What cannot be read, for the one who types; null: nothing.</param>
internal sealed record DeviceFilterLine(DeviceFilter Filter, string Rest, bool Took, string? Problem)
{
    /// <summary>What can be typed, for a hint.</summary>
    public const string Examples = "user:maier status:active kind:tablet may:notes seen:>7d paired:<30d platform:ios app:2.4";

    public static DeviceFilterLine Read(string? text, DeviceFilter filter)
    {
        var (rest, took, problem) = (new List<string>(), false, (string?)null);
        foreach (var word in Words(text ?? ""))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var value = colon < 0 ? "" : word[(colon + 1)..].Trim('"');
            if (colon < 1 || !IsKey(word[..colon]))
            {
                rest.Add(word);
            }
            else if (value.Length > 0 && With(filter, word[..colon].ToLowerInvariant(), value) is { } read)
            {
                (filter, took) = (read, true);
            }
            else
            {
                rest.Add(word);
                problem = value.Length == 0 ? problem : $"“{word}” cannot be read. Try {Examples.Split(' ').First(example => example.StartsWith(word[..colon], StringComparison.OrdinalIgnoreCase))}.";
            }
        }

        return new DeviceFilterLine(filter with { Search = rest.Count == 0 ? null : string.Join(' ', rest) }, string.Join(' ', rest), took, problem);
    }

    private static bool IsKey(string key) => Examples.Split(' ').Any(example => string.Equals(example[..example.IndexOf(':', StringComparison.Ordinal)], key, StringComparison.OrdinalIgnoreCase));

    private static DeviceFilter? With(DeviceFilter filter, string key, string value) => key switch
    {
        "user" => filter with { User = value },
        "platform" => filter with { Platform = value },
        "app" => filter with { AppVersion = value },
        "status" => QueryText.Parse<DeviceStanding>(value) is { } state ? filter with { State = state } : null,
        "kind" => Named(Enum.GetValues<DeviceType>(), type => $"{type} {DeviceTypeLabels.Of(type)}", value) is { } type ? filter with { Type = type } : null,
        "may" => Named(ScopeLabels.All, scope => $"{scope} {ScopeLabels.Of(scope)}", value) is { } scope ? filter with { Scope = scope } : null,
        "seen" => Ago(value) is { } seen ? filter with { Seen = seen } : null,
        _ => Ago(value) is { } paired ? filter with { Paired = paired } : null,
    };

    /// <summary>The only one whose name has the word; of several, the first.</summary>
    private static T? Named<T>(IEnumerable<T> values, Func<T, string> name, string word)
        where T : struct => values.Where(v => name(v).Contains(word, StringComparison.OrdinalIgnoreCase)).Select(v => (T?)v).FirstOrDefault();

    /// <summary><c>&gt;7d</c> longer ago, <c>&lt;7d</c> or <c>7d</c> within.</summary>
    private static Age? Ago(string value) => value[0] switch
    {
        '>' => Age.Parse(string.Create(CultureInfo.InvariantCulture, $"over-{value[1..]}")),
        '<' => Age.Parse(value[1..]),
        _ => Age.Parse(value),
    };

    /// <summary>At blanks, but not within quotation marks.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var (word, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var letter in text)
        {
            quoted ^= letter == '"';
            if (letter != ' ' || quoted)
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
