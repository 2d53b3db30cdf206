namespace AdminPortal.Web.Accounts;

/// <summary>What people call a browser or program, of what it says of itself: enough to tell one's own from a stranger's.</summary>
internal static class BrowserWords
{
    // In this order: most say the names of others too.
    private static readonly (string Part, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Part, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        if (userAgent is null)
        {
            return "A program without a name";
        }

        return (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
        {
            ({ } browser, { } system) => $"{browser} on {system}",
            ({ } browser, null) => browser,
            _ => userAgent.Split(' ', '/')[0],
        };
    }

    private static string? Find((string Part, string Name)[] words, string text) =>
        words.Where(word => text.Contains(word.Part, StringComparison.Ordinal)).Select(word => word.Name).FirstOrDefault();
}
