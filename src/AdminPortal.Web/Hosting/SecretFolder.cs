namespace AdminPortal.Web.Hosting;

/// <summary>
/// Settings from files, for secrets: each file of a folder is named as its setting (<c>ConnectionStrings__Portal</c>) and holds its value. The
/// folder is the one that systemd gives a service with LoadCredential, and /run/secrets of containers. They go before environment variables.
/// </summary>
internal static class SecretFolder
{
    private const string OfContainers = "/run/secrets";

    public static void AddTo(IConfigurationBuilder configuration) => AddTo(configuration, OfContainers, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"));

    internal static void AddTo(IConfigurationBuilder configuration, params IEnumerable<string?> folders)
    {
        foreach (var folder in folders)
        {
            if (folder is { Length: > 0 })
            {
                configuration.AddKeyPerFile(folder, optional: true);
            }
        }
    }
}
