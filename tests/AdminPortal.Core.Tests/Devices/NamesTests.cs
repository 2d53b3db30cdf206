using AdminPortal.Core.Devices;

namespace AdminPortal.Core.Tests.Devices;

public sealed class NamesTests
{
    [Theory]
    [InlineData("  Ward phone ", "Ward phone")]
    [InlineData("ab\u202Ecd\u2066ef\u200B", "abcdef")]
    [InlineData("\u202E\u200B \u2800\u3164", null)]
    [InlineData("\u0301", null)]
    [InlineData("", null)]
    [InlineData("شهلا الهاتف", "شهلا الهاتف")]
    [InlineData("👩‍⚕️", "👩‍⚕️")]
    [InlineData("می‌خواهم", "می‌خواهم")]
    [InlineData("line\nbreak", "line\nbreak")]
    public void Clean_ByWhatIsSeen_KeepsThat(string name, string? expected) => Assert.Equal(expected, Names.Clean(name));

    [Fact]
    public void Check_ByCharactersAsPeopleCount_Judges()
    {
        Assert.Null(Names.Check(string.Concat(Enumerable.Repeat("👩‍⚕️", 80)), "The name"));
        Assert.Equal("The name has at most 80 characters.", Names.Check(new string('n', 81), "The name"));
        Assert.Equal("deviceName has no control characters, such as tabs or line breaks.", Names.Check("a\tb", "deviceName"));
        Assert.NotNull(Names.Check("a" + new string('\u0301', 2000), "The name"));
    }

    [Fact]
    public void Fit_WhatADeviceSaysOfItself_IsMadeToFit()
    {
        Assert.Equal(new string('n', 80), Names.Fit(new string('n', 86)));
        Assert.Equal(string.Concat(Enumerable.Repeat("📱", 80)), Names.Fit(string.Concat(Enumerable.Repeat("📱", 100))));
        Assert.Equal("Maria s phone", Names.Fit("Maria\ts phone"));
        Assert.Equal("a", Names.Fit("a" + new string('\u0301', 2000)));
        Assert.Null(Names.Fit("\u202E"));
    }
}
