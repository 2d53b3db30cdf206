using System.Globalization;

namespace AdminPortal.Web.Layout;

/// <summary>
/// The moment of the last tick and the viewer's zone, cascaded by the layout. <see cref="Zone"/> is UTC until the
/// browser has told its own.
/// </summary>
public sealed record ViewerClock(DateTimeOffset Now, TimeZoneInfo Zone)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Near moments as a distance ("5 min ago", "in 3 days"), others as a date in the viewer's zone.</summary>
    public string Relative(DateTimeOffset at)
    {
        var distance = (Now - at).Duration();
        if (distance >= Week)
        {
            return Local(at).ToString(Local(at).Year == Local(Now).Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
        }

        if (distance < TimeSpan.FromMinutes(1))
        {
            return at <= Now ? "just now" : "now"; // the last tick lies up to 30 s back
        }

        var text = distance.TotalHours < 1 ? $"{(int)distance.TotalMinutes} min"
            : distance.TotalDays < 1 ? $"{(int)distance.TotalHours} h"
            : $"{(int)distance.TotalDays} {((int)distance.TotalDays == 1 ? "day" : "days")}";
        return at <= Now ? $"{text} ago" : $"in {text}";
    }

    /// <summary>Date and time in the viewer's zone, to the minute or the second.</summary>
    public string Exact(DateTimeOffset at, bool seconds = false) =>
        Local(at).ToString(seconds ? "d MMM yyyy, HH:mm:ss" : "d MMM yyyy, HH:mm", CultureInfo.InvariantCulture) + (Zone.Equals(TimeZoneInfo.Utc) ? " UTC" : "");

    /// <summary>Inside a sentence, after "since" or in brackets: the time of today, else the weekday and day too, in the viewer's zone.</summary>
    public string Brief(DateTimeOffset at) => Local(at).ToString(
        Local(at).Date == Local(Now).Date ? "HH:mm" : Local(at).Year == Local(Now).Year ? "ddd d MMM, HH:mm" : "ddd d MMM yyyy, HH:mm", CultureInfo.InvariantCulture) + (Zone.Equals(TimeZoneInfo.Utc) ? " UTC" : "");

    /// <summary>The day in the viewer's zone.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>A day as a heading: "Today", "Yesterday", else its weekday and date.</summary>
    public string DayName(DateOnly day) => (DayOf(Now).DayNumber - day.DayNumber) switch
    {
        0 => "Today",
        1 => "Yesterday",
        _ => day.ToString(day.Year == DayOf(Now).Year ? "ddd d MMM" : "ddd d MMM yyyy", CultureInfo.InvariantCulture),
    };

    /// <summary>The time of day in the viewer's zone.</summary>
    public string TimeOfDay(DateTimeOffset at) => Local(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);
}
