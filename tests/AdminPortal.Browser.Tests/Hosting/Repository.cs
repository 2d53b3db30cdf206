namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>Where things lie in the clone.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program, built as these tests were.</summary>
    public static string Program { get; } = Path.Combine(Root, "src", "AdminPortal.Web", "bin", Configuration, "net10.0", "AdminPortal.Web.dll");

    /// <summary>A folder for what people look at after a run; not committed.</summary>
    public static string Artifacts(string name) => Directory.CreateDirectory(Path.Combine(Root, "artifacts", name)).FullName;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AdminPortal.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"AdminPortal.sln lies nowhere above {AppContext.BaseDirectory}.");
    }
}
