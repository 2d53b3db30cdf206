using AdminPortal.Web.Activity;
using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Tests.Activity;

/// <summary>What the record can be filtered by, under headings; and the days that it is divided into.</summary>
public sealed class ActivityGroupsTests
{
    [Fact]
    public void Groups_HaveEachKindOnce_AndUsersSeeTheirsOnly()
    {
        var all = ActivityWords.Groups(staff: true).SelectMany(g => g.Kinds).ToList();
        Assert.Equal(ActivityWords.Kinds.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));

        var own = ActivityWords.Groups(staff: false).SelectMany(g => g.Kinds).ToList();
        Assert.Contains("sign-in.ok", own);
        Assert.DoesNotContain(own, kind => kind.StartsWith("backup.", StringComparison.Ordinal) || kind.StartsWith("run.", StringComparison.Ordinal) || kind.StartsWith("policy.", StringComparison.Ordinal));
    }

    [Fact]
    public void Days_AreNamedAsTheReaderCallsThem()
    {
        var clock = new ViewerClock(new DateTimeOffset(2026, 11, 29, 23, 30, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal("Today", clock.DayName(clock.DayOf(new DateTimeOffset(2026, 11, 29, 23, 15, 0, TimeSpan.Zero)))); // the 30th in Berlin
        Assert.Equal("Yesterday", clock.DayName(clock.DayOf(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero))));
        Assert.Equal("Tue 24 Nov", clock.DayName(clock.DayOf(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero))));
        Assert.Equal("00:15", clock.TimeOfDay(new DateTimeOffset(2026, 11, 29, 23, 15, 0, TimeSpan.Zero)));
    }
}
