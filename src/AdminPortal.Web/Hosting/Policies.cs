namespace AdminPortal.Web.Hosting;

/// <summary>The names of what a page or endpoint asks of its visitor.</summary>
public static class Policies
{
    public const string Admin = "Admin";
    public const string SeesEveryone = "SeesEveryone";
    public const string SignedIn = "SignedIn";
}
