using System.Security.Cryptography;

namespace AdminPortal.Web.Hosting;

/// <summary>
/// Which start of the portal answers. A page that lost its connection compares it with the one that made the page
/// (wwwroot/site.js): where they differ, its circuit is gone for good and the page loads itself again at once.
/// </summary>
internal static class ServerInstance
{
    public const string Header = "Portal-Instance";

    /// <summary>Random at every start; says nothing about the machine.</summary>
    public static string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);
}
