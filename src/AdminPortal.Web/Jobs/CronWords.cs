using System.Globalization;

namespace AdminPortal.Web.Jobs;

/// <summary>A job's schedule in words, where it is one that people use.</summary>
internal static class CronWords
{
    /// <summary>Such as <c>daily at 03:40 UTC</c>; the expression itself where there are no plain words for it.</summary>
    public static string Of(string cron)
    {
        if (cron == Core.Jobs.JobOptions.Off)
        {
            return "only by hand";
        }

        return cron.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["0", "*", "*", "*" or "?", "*", "*" or "?"] => "every minute",
            ["0", var minutes, "*", "*" or "?", "*", "*" or "?"] when Every(minutes) is { } every => $"every {every} minutes",
            ["0", var minute, "*", "*" or "?", "*", "*" or "?"] when Number(minute) is { } at => $"hourly, {at} min past",
            ["0", var minute, var hour, "*" or "?", "*", "*" or "?"] when Number(minute) is { } m && Number(hour) is { } h => $"daily at {Time(h, m)} UTC",
            ["0", var minute, var hour, "?", "*", { Length: 3 } day] when Number(minute) is { } m && Number(hour) is { } h && day.All(char.IsAsciiLetter) =>
                $"{char.ToUpperInvariant(day[0])}{day[1..].ToLowerInvariant()} at {Time(h, m)} UTC",
            _ => cron,
        };
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Every(string text) => text.Split('/') is ["0" or "*", var step] ? Number(step) : null;

    private static string Time(int hour, int minute) => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}");
}
