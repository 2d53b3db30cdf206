namespace AdminPortal.Web.Layout;

/// <summary>Light, dark, or as the device prefers. Kept in a cookie by site.js, so that the server's first answer is right.</summary>
internal sealed record Theme(string Name, string ColorScheme)
{
    public const string Cookie = "portal-theme";

    public static Theme Auto { get; } = new("auto", "light dark");

    private static readonly Theme Light = new("light", "light");
    private static readonly Theme Dark = new("dark", "dark");

    public static Theme Of(HttpRequest request) => request.Cookies[Cookie] switch
    {
        "light" => Light,
        "dark" => Dark,
        _ => Auto,
    };
}
