using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Activity;

/// <summary>The record's filter as an address and back.</summary>
internal static class ActivityAddress
{
    public const string Path = "/activity";

    public const string CsvPath = "/activity.csv";

    private const string Day = "yyyy-MM-dd";

    public static string Of(ActivityFilter filter, string? cursor = null, string path = Path) => QueryText.Address(
        path,
        ("kind", filter.Kind), ("who", filter.Actor), ("user", filter.User), ("device", filter.Device), ("from", Write(filter.From)),
        ("to", Write(filter.To?.AddDays(-1))), ("outcome", filter.Outcome is { } outcome ? QueryText.Word(outcome) : null), ("search", filter.Search),
        ("cursor", cursor));

    public static (ActivityFilter Filter, string? Cursor) Parse(string address)
    {
        var read = QueryText.Read(address);
        return (
            new ActivityFilter(
                read("kind"), read("who"), read("user"), read("device"), ReadDay(read("from")), ReadDay(read("to"))?.AddDays(1),
                QueryText.Parse<ActivityOutcome>(read("outcome")), read("search")),
            read("cursor"));
    }

    /// <summary>A day (UTC) as a date field writes it; null for anything else.</summary>
    public static DateTimeOffset? ReadDay(string? text) =>
        DateTime.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? new DateTimeOffset(day, TimeSpan.Zero) : null;

    public static string? Write(DateTimeOffset? day) => day?.UtcDateTime.ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>The last day of the filter, which is what a person calls "to".</summary>
    public static string? LastDay(ActivityFilter filter) => Write(filter.To?.AddDays(-1));
}
