namespace AdminPortal.Web.Accounts;

/// <summary>Keeps a return address inside the portal: a sign-in page that leads anywhere serves phishing.</summary>
internal static class LocalUrl
{
    /// <summary>The address when it is a path of this portal; else the first page.</summary>
    public static string Or(string? url) => IsLocal(url) ? url! : "/";

    private static bool IsLocal(string? url) =>
        url is ['/', ..] && !(url.Length > 1 && url[1] is '/' or '\\') && !url.Any(char.IsControl) && Uri.TryCreate(url, UriKind.Relative, out _);
}
