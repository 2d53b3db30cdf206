using AdminPortal.Core.Lists;

namespace AdminPortal.Core.Tests.Activity;

/// <summary>What a spreadsheet makes of strangers' text.</summary>
public sealed class CsvCellsTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t'=1\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\tb", "\"a\tb\"")]
    [InlineData("a;=1+1", "\"a;'=1+1\"")]
    [InlineData("a; \"=1+1", "\"a; \"\"'=1+1\"")]
    [InlineData("a\t@SUM(A1)", "\"a\t'@SUM(A1)\"")]
    [InlineData("two\n-1", "\"two\n'-1\"")]
    [InlineData("a-b=c", "a-b=c")]
    [InlineData("\r=1", "\"'\r'=1\"")]
    public void Line_OneCell_IsQuotedAndNeverAFormula(string? cell, string expected) => Assert.Equal(expected + "\r\n", CsvCells.Line(cell));

    [Fact]
    public void Line_SeveralCells_AreSeparatedByCommas() => Assert.Equal("a,,c\r\n", CsvCells.Line("a", null, "c"));
}
