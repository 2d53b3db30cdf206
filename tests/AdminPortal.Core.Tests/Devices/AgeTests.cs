using AdminPortal.Core.Devices;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>Ages as addresses and programs write them.</summary>
public sealed class AgeTests
{
    [Theory]
    [InlineData("7d", 7, false)]
    [InlineData("over-60d", 60, true)]
    [InlineData("OVER-1D", 1, true)]
    [InlineData("3650d", 3650, false)]
    public void Parse_WhatIsAnAge_IsThatAge(string text, int days, bool over)
    {
        Assert.Equal(new Age(days, over), Age.Parse(text));
        Assert.Equal(text.ToLowerInvariant(), Age.Parse(text).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("0d")]
    [InlineData("-7d")]
    [InlineData("+7d")]
    [InlineData(" 7d")]
    [InlineData("3651d")]
    [InlineData("99999999999999d")]
    [InlineData("over-d")]
    [InlineData("over-over-7d")]
    [InlineData("٧d")]
    public void Parse_WhatIsNone_IsNull(string? text) => Assert.Null(Age.Parse(text));
}
