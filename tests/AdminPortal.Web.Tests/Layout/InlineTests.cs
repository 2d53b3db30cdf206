using AdminPortal.Web.Layout;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The heads of columns that sort: links for the keyboard, and the order told to those who do not see the arrow.</summary>
public sealed class InlineTests
{
    [Theory]
    [InlineData(true, true, "descending")]
    [InlineData(true, false, "ascending")]
    [InlineData(false, true, "none")]
    public void SortOf_EveryOrder_IsToldByTheHead(bool current, bool descending, string order)
    {
        var head = Inline.SortOf("Last seen", "/devices?sort=lastSeen", current, descending, "wide").Value;

        Assert.StartsWith($"<th scope=\"col\" class=\"wide\" aria-sort=\"{order}\">", head, StringComparison.Ordinal);
        Assert.Contains("href=\"/devices?sort=lastSeen\"", head, StringComparison.Ordinal);
        Assert.Equal(current, head.Contains("<svg", StringComparison.Ordinal));
    }
}
