using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>axe on a page as it stands.</summary>
internal static class Accessibility
{
    /// <summary>The themes differ in nothing else, and the light one was just looked at in full.</summary>
    private static readonly AxeRunOptions ColoursOnly = new() { RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block") };

    /// <summary>Row after row of one template says nothing new and takes most of the time.</summary>
    private static readonly AxeRunContext FewRows = new()
    {
        Exclude = [new AxeSelector(".list tbody tr:nth-child(n+8)"), new AxeSelector(".rows > li:nth-child(n+8)")],
    };

    /// <summary>Fails with everything that is wrong.</summary>
    public static async Task ExpectNoFaultAsync(IPage page, string name)
    {
        var faults = await FaultsAsync(page, name);
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>Everything wrong in the four views: violations of axe, and content wider than the screen.</summary>
    public static async Task<List<string>> FaultsAsync(IPage page, string name, bool phoneOnly = false)
    {
        var faults = new List<string>();
        await Views.EachAsync(page, phoneOnly, async view =>
        {
            var result = await page.RunAxe(FewRows, view.EndsWith("dark", StringComparison.Ordinal) ? ColoursOnly : new AxeRunOptions());
            faults.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node =>
                $"{name} {view}: {violation.Id}: {violation.Help}\n    {node.Html}\n    {string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}")));
            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0)
                faults.Add($"{name} {view}: scrolls sideways by {overflow} px");
        });
        return faults;
    }
}
