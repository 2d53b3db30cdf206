namespace AdminPortal.Web.Hosting;

/// <summary>Where the files beside the program are: the clone's root while developing, the published folder elsewhere.</summary>
internal static class RepositoryRoot
{
    /// <summary>The nearest folder above the program that holds the solution, or null in a published program.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AdminPortal.sln")))
                return folder.FullName;
        }

        return null;
    }

    /// <summary>The folder with <c>wwwroot</c> and <c>appsettings.json</c>.</summary>
    public static string ContentRoot =>
        Find() is { } root && Directory.Exists(Path.Combine(root, "wwwroot")) ? root : AppContext.BaseDirectory;
}
