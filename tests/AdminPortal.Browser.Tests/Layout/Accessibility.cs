using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>axe on a page as it stands.</summary>
/// <remarks>
/// Run within the page itself. Deque's own call opens a second page for every run, puts the script into both, and carries
/// everything that axe found in order between them; no page of the portal has a frame, for which that is meant.
/// </remarks>
internal static class Accessibility
{
    /// <summary>
    /// What is wrong, a text for each place. Rows after the seventh are of the same template, say nothing new and take most of
    /// the time. The themes differ in colours only, and the light one was just looked at in full.
    /// </summary>
    private const string Run =
        """
        async coloursOnly => {
          const result = await axe.run({ exclude: [['.list tbody tr:nth-child(n+8)'], ['.rows > li:nth-child(n+8)']] }, {
            resultTypes: ['violations'],
            ...(coloursOnly ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : {}),
          });
          return result.violations.flatMap(fault => fault.nodes.map(node =>
            `${fault.id}: ${fault.help}\n    ${node.html}\n    ${[...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')}`));
        }
        """;

    /// <summary>Buttons and badges whose words do not fit: they reach out of them, or are broken into more lines than words.</summary>
    private const string Squeezed =
        """
        () => [...document.querySelectorAll('main :is(.button, .badge, .chip)')].filter(element => {
          const box = element.getBoundingClientRect();
          const words = element.innerText?.trim().split(/\s+/).length ?? 0;
          const line = parseFloat(getComputedStyle(element).lineHeight) || 20;
          return element.checkVisibility() && box.width > 0 && words > 0
            && (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow === 'visible' && getComputedStyle(element).display !== 'inline'
              || element.scrollHeight > line * (words + 1.5) + 16);
        }).map(element => element.outerHTML.slice(0, 200))
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

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
            if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
                await page.EvaluateAsync(Axe);
            var violations = await page.EvaluateAsync<string[]>(Run, view.EndsWith("dark", StringComparison.Ordinal));
            faults.AddRange(violations.Select(violation => $"{name} {view}: {violation}"));
            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0)
                faults.Add($"{name} {view}: scrolls sideways by {overflow} px");
            faults.AddRange((await page.EvaluateAsync<string[]>(Squeezed)).Select(element => $"{name} {view}: its words do not fit: {element}"));
        });
        return faults;
    }
}
