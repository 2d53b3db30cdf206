using AdminPortal.Core.Backups;

namespace AdminPortal.Web.Hosting;

/// <summary>The folder for everything that the portal keeps outside its databases: <c>PORTAL_DATA_DIR</c>, else <c>.data</c> in the clone.</summary>
internal static class DataFolder
{
    public const string Variable = "PORTAL_DATA_DIR";

    public static string Resolve()
    {
        var configured = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrWhiteSpace(configured)
            ? Path.Combine(RepositoryRoot.Find() ?? Environment.CurrentDirectory, ".data")
            : Path.GetFullPath(configured);
    }

    public static string ResolveAndCreate()
    {
        var folder = Resolve();
        try
        {
            return Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The data folder {folder} cannot be used: {failure.Message} Set {Variable} to a folder that you may write.");
        }
    }

    /// <summary>Backups lie in the data folder unless the configuration says otherwise.</summary>
    public static void FillIn(IConfigurationManager configuration) =>
        configuration[$"{BackupOptions.Section}:{nameof(BackupOptions.Folder)}"] ??= Path.Combine(Resolve(), "backups");
}
