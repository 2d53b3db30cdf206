using System.Text.RegularExpressions;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Tests.Layout;

/// <summary>The texts of the pages of users and support keep to docs/glossary.md: one word for one thing.</summary>
public sealed partial class GlossaryTests
{
    private static readonly (string Pattern, string Instead)[] Forbidden =
    [
        (@"\b[Ss]uspend(ed|s|ing)?\b", "quarantine"),
        (@"\b[Ss]copes?\b", "permission"),
        (@"(?<!the )\b[Ee]nd(ed|s|ing)? (all |the |this |these |your |of your |one of your )?(other )?(devices?|pairing)\b", "revoke"),
        (@"\bdevices? (has|have|had|was|were|is|are) ended\b|\bhas ended\b", "is revoked"),
        (@"\b(ran|runs|run) out\b", "expire"),
        (@"[Rr]eceipt of", "revocation status"),
        (@"does not work at the moment", "is inactive"),
        (@"\b[Tt]urned away\b", "refused"),
        (@"\b[Dd]ormant\b|\b[Ss]tale\b", "silent"),
        (@"\bshape\b", "data format"),
        (@"^Keep it$", "Cancel"),
        (@"cannot be asked", "cannot be reached"),
        (@"\b[Ss]omebody not signed in\b", "not signed in"),
    ];

    /// <summary>Rooms whose texts are mended; the rest follow.</summary>
    private static readonly string[] Rooms =
    [
        "AdminPortal.Web/Devices", "AdminPortal.Web/Users", "AdminPortal.Web/Pairing", "AdminPortal.Web/Permissions", "AdminPortal.Web/Sync", "AdminPortal.Web/Search", "AdminPortal.Web/Bulk",
        "AdminPortal.Web/Notices", "AdminPortal.Web/Alerts", "AdminPortal.Web/Layout", "AdminPortal.Core/Sync", "AdminPortal.Core/Notices", "AdminPortal.Core/Bulk", "AdminPortal.Core/Devices",
    ];

    public static TheoryData<string> All => [.. Rooms];

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_OfARoom_HaveTheWordsOfTheGlossary(string room) => Assert.Empty(
        Directory.GetFiles(Path.Combine(RepositoryRoot.Find()!, "src", room), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .SelectMany(file => Texts(File.ReadAllText(file), file.EndsWith(".razor", StringComparison.Ordinal)).SelectMany(text => Wrong(text).Where(wrong => !IsOfTheApi(file, wrong)).Select(wrong => $"{Path.GetFileName(file)}: {wrong}"))));

    [Theory]
    [InlineData("<p>This device is suspended.</p>", "quarantine")]
    [InlineData("<Fold Title=\"Scopes of it\">x</Fold>", "permission")]
    [InlineData("<p>x</p>@code { private string a = \"End this device?\"; }", "revoke")]
    public void Reader_OfAPage_FindsWordsInTextAttributesAndCode(string page, string instead) =>
        Assert.Contains($"→ {instead}", Assert.Single(Texts(page, isPage: true).SelectMany(Wrong)), StringComparison.Ordinal);

    [Theory]
    [InlineData("@* suspended *@<p class=\"scope\">@(scope.End)</p>@code { private int suspended; }")]
    [InlineData("<p>It ends in 7 days.</p>")]
    public void Reader_OfAPage_LeavesCodeAndOtherWordsAlone(string page) => Assert.Empty(Texts(page, isPage: true).SelectMany(Wrong));

    [Fact]
    public void Glossary_NamesEveryWordThatIsHeld()
    {
        var glossary = File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "glossary.md"));

        Assert.All(["revoke", "quarantine", "permission", "user", "account", "silent", "expire"], word => Assert.Contains($"| {word}", glossary.Replace("in sync, silent", "silent", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    /// <summary>The API speaks of scopes.</summary>
    private static bool IsOfTheApi(string file, string wrong) =>
        wrong.EndsWith("→ permission", StringComparison.Ordinal) && (file.EndsWith("Endpoints.cs", StringComparison.Ordinal) || file.EndsWith("ScopeEntry.cs", StringComparison.Ordinal));

    private static IEnumerable<string> Wrong(string text) => Forbidden.Where(f => Regex.IsMatch(text, f.Pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))).Select(f => $"“{text.Trim()}” → {f.Instead}");

    /// <summary>What people read: text between tags, the attributes that are shown or read out, and sentences in code.</summary>
    private static IEnumerable<string> Texts(string source, bool isPage)
    {
        source = string.Join('\n', Comment().Replace(source, "").Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        var start = isPage ? source.IndexOf("@code", StringComparison.Ordinal) : 0;
        var (markup, code) = start < 0 ? (source, "") : (source[..start], source[start..]);
        return TextNode().Matches(markup).Select(m => m.Groups["text"].Value).Concat(Shown().Matches(markup).Select(m => m.Groups["text"].Value))
            .Concat(Sentence().Matches(code).Concat(Sentence().Matches(markup)).Select(m => m.Groups["text"].Value)).Select(text => Expression().Replace(text, "")).Distinct();
    }

    /// <summary>What code puts into a text.</summary>
    [GeneratedRegex(@"\{[^{}]*\}|@[A-Za-z.]+(\([^()]*\))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<!=)>(?<text>[^<>@{}]*[A-Za-z][^<>@{}]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TextNode();

    [GeneratedRegex("(?:Title|Label|Hint|Text|Note|Confirm|Working|Cancel|Button|One|Many|Placeholder|placeholder|aria-label|title)=\"(?<text>[^\"@]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Shown();

    /// <summary>A literal that begins with a capital letter or a quotation mark and has a blank.</summary>
    [GeneratedRegex("\"(?<text>[A-Z“{][^\"]* [^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Sentence();
}
