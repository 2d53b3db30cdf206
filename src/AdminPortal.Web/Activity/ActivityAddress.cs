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

    private const string OldestFirst = "oldest";

    public static string Of(ActivityQuery query) => Of(Path, query.Filter, ("sort", query.OldestFirst ? OldestFirst : null), ("cursor", query.Cursor));

    /// <summary>All lines of the filter as a file.</summary>
    public static string Csv(ActivityFilter filter) => Of(CsvPath, filter);

    public static ActivityQuery Parse(string address) => Parse(address, out _);

    /// <param name="unreadable">The parts of the filter that cannot be read and are left out.</param>
    public static ActivityQuery Parse(string address, out IReadOnlyList<string> unreadable)
    {
        var read = QueryText.Read(address);
        var reader = new FilterReader(read);
        unreadable = reader.Unreadable;
        return new ActivityQuery(
            new ActivityFilter(
                read("kind"), read("who"), read("user"), read("device"), reader.Value("from", ReadDay), reader.Value("to", ReadDay)?.AddDays(1),
                reader.Value("outcome", QueryText.Parse<ActivityOutcome>), read("search"))
            { Run = read("run") },
            read("sort") == OldestFirst, read("cursor"));
    }

    /// <summary>A day (UTC) as a date field writes it; null for anything else.</summary>
    public static DateTimeOffset? ReadDay(string? text) =>
        DateTime.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? new DateTimeOffset(day, TimeSpan.Zero) : null;

    public static string? Write(DateTimeOffset? day) => day?.UtcDateTime.ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>The last day of the filter, which is what a person calls "to".</summary>
    public static string? LastDay(ActivityFilter filter) => Write(filter.To?.AddDays(-1));

    private static string Of(string path, ActivityFilter filter, params (string Name, string? Value)[] rest) => QueryText.Address(
        path,
        [("kind", filter.Kind), ("who", filter.Actor), ("user", filter.User), ("device", filter.Device), ("from", Write(filter.From)),
            ("to", Write(filter.To?.AddDays(-1))), ("outcome", filter.Outcome is { } outcome ? QueryText.Word(outcome) : null), ("search", filter.Search), ("run", filter.Run),
            .. rest]);
}
