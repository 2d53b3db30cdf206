using System.Globalization;
using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Tests.Lists;

/// <summary>Numbers of rows in words.</summary>
public sealed class TallyTests
{
    [Theory]
    [InlineData(1234, false, "1,234")]
    [InlineData(0, false, "0")]
    [InlineData(876_543, true, "about 880,000")]
    [InlineData(99_999, true, "about 100,000")]
    [InlineData(42, true, "about 42")]
    public void ToString_OfANumber_PretendsToKnowNoMoreThanItDoes(long number, bool about, string words)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.Equal(words, new Tally(number, about).ToString());
    }

    [Fact]
    public void Sum_OfAnExactOneAndAnEstimate_IsAnEstimate()
    {
        Assert.Equal(new Tally(5, IsAbout: true), new Tally(2) + new Tally(3, IsAbout: true));
        Assert.Equal(new Tally(5), new Tally(2) + new Tally(3));
    }
}
