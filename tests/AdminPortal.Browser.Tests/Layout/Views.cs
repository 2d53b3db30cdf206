using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Layout;

/// <summary>The four ways in which every page has to work: light and dark, desk and phone.</summary>
internal static class Views
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("1440", 1440, 900), ("390", 390, 844)];

    public static async Task EachAsync(IPage page, bool phoneOnly, Func<string, Task> look)
    {
        var before = page.ViewportSize;
        foreach (var (name, width, height) in Sizes)
        {
            if (phoneOnly && name != "390")
                continue;
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await look($"{name}-{scheme.ToString().ToLowerInvariant()}");
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        if (before is not null)
            await page.SetViewportSizeAsync(before.Width, before.Height);
    }
}
