using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Tests.Layout;

public sealed class ViewerClockTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-30, "just now")]
    [InlineData(20, "now")]
    [InlineData(-300, "5 min ago")]
    [InlineData(-7200, "2 h ago")]
    [InlineData(-90000, "1 day ago")]
    [InlineData(3 * 86400, "in 3 days")]
    [InlineData(-10 * 86400, "28 Feb")]
    [InlineData(-100 * 86400, "30 Nov 2025")]
    public void Relative_At_ReadsAsPeopleSayIt(int seconds, string expected) =>
        Assert.Equal(expected, new ViewerClock(Now, TimeZoneInfo.Utc).Relative(Now.AddSeconds(seconds)));

    [Fact]
    public void Exact_InAZone_IsThatZonesTime()
    {
        Assert.Equal("10 Mar 2026, 12:00 UTC", new ViewerClock(Now, TimeZoneInfo.Utc).Exact(Now));
        Assert.Equal("10 Mar 2026, 08:00", new ViewerClock(Now, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).Exact(Now));
    }
}
