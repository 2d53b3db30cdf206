using AdminPortal.Web.Jobs;

namespace AdminPortal.Web.Tests.Jobs;

/// <summary>A job's schedule as people read it.</summary>
public sealed class CronWordsTests
{
    [Theory]
    [InlineData("0 40 3 * * ?", "daily at 03:40 UTC")]
    [InlineData("0 5 * * * ?", "hourly, 5 min past")]
    [InlineData("0 * * * * ?", "every minute")]
    [InlineData("0 0/15 * * * ?", "every 15 minutes")]
    [InlineData("0 0 6 ? * MON", "Mon at 06:00 UTC")]
    [InlineData("off", "only by hand")]
    [InlineData("0 0 6 L * ?", "0 0 6 L * ?")]
    public void Of_EachSchedule_IsInWordsWhereThereAreSome(string cron, string words) => Assert.Equal(words, CronWords.Of(cron));
}
