using System.Globalization;
using AdminPortal.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>Markup in one piece cannot be broken out of by what people typed.</summary>
public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onmouseover=\"alert(1)", "&quot; onmouseover=&quot;alert(1)")]
    [InlineData("' & <b>", "&#x27; &amp; &lt;b&gt;")]
    [InlineData("Zoë’s tablet", "Zoë’s tablet")]
    public void Of_ValuesOfPeople_AreEncoded(string typed, string expected)
    {
        Assert.Equal($"<a title=\"{expected}\">{expected}</a>", Html.Of($"<a title=\"{typed}\">{typed}</a>").Value);
    }

    [Fact]
    public void Of_MarkupMadeBefore_StandsAsItIs_AndNothingIsNothing()
    {
        var inner = Html.Of($"<b>{"<"}</b>");

        Assert.Equal("<i><b>&lt;</b></i>", Html.Of($"<i>{inner}{(string?)null}{default(MarkupString)}</i>").Value);
    }

    [Fact]
    public void Of_NumbersAndTimes_AreTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal("-1234 2026-11-23T08:05:00Z", Html.Of($"{-1234} {new DateTime(2026, 11, 23, 8, 5, 0, DateTimeKind.Utc):yyyy-MM-ddTHH:mm:ssZ}").Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void NameOfAPerson_ThatIsMarkup_StaysText()
    {
        Assert.Equal(
            """<span class="cell-lines"><a class="clip" href="/users/a%2Fb">&lt;img src=x&gt;</a><span class="muted small clip">a@b</span></span>""",
            Inline.PersonOf("a/b", "<img src=x>", "a@b").Value);
    }
}
