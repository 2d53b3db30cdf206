using System.Reflection;
using AdminPortal.Core.Notices;
using AdminPortal.Data.Notices;

namespace AdminPortal.Core.Tests.Notices;

/// <summary>Every kind has words of its own, for one device and for many.</summary>
public sealed class NoticeWordsTests
{
    public static TheoryData<string> Kinds => [.. typeof(NoticeKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_EveryKind_SaysItInWordsWithAWayForward(string kind)
    {
        foreach (var notice in new[] { Row(kind), Row(kind) with { Count = 12 }, new NoticeRow(1, default, kind, null, null, null, null, null, 1, false) })
        {
            var text = notice.Text;
            Assert.DoesNotContain(kind, text.Title, StringComparison.Ordinal);
            Assert.DoesNotContain("_", text.Sentence, StringComparison.Ordinal);
            Assert.False(char.IsLower(text.Sentence[0]), text.Sentence);
            Assert.EndsWith(".", text.Sentence, StringComparison.Ordinal);
            Assert.StartsWith("/", text.Path, StringComparison.Ordinal);
        }
    }

    private static NoticeRow Row(string kind) => new(1, default, kind, "pairing", "Ward phone", "Anna Lim", "a reason", "WRITE_NOTES until 2030-01-01", 1, false);
}
