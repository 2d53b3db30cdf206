using Microsoft.Playwright;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>What a visitor looks at the portal with.</summary>
public static class Screen
{
    private const string PhoneAgent =
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

    public static BrowserNewContextOptions Desktop => new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce };

    public static BrowserNewContextOptions Dark => new(Desktop) { ColorScheme = ColorScheme.Dark };

    public static BrowserNewContextOptions Phone => new()
    {
        ViewportSize = new() { Width = 390, Height = 844 },
        UserAgent = PhoneAgent,
        IsMobile = true,
        HasTouch = true,
        DeviceScaleFactor = 2,
        ReducedMotion = ReducedMotion.Reduce,
    };
}
