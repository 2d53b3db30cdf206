using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Hosting;

/// <summary>What holds for every cookie of the portal.</summary>
internal static class PortalCookies
{
    /// <summary>Behind https with the prefix that binds a cookie to this host: no neighbour of the same domain can set one.</summary>
    public static string NameOf(string name, PortalOptions portal) => IsHttps(portal) ? $"__Host-{name}" : name;

    /// <summary>Only a portal reached by plain http (on the own machine, or with --lan) has cookies without Secure.</summary>
    public static CookieSecurePolicy Secure(PortalOptions portal) => IsHttps(portal) ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    private static bool IsHttps(PortalOptions portal) => portal.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}
