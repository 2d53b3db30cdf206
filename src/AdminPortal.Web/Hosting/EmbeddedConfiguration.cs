using AdminPortal.Core.EmbeddedDatabase;

namespace AdminPortal.Web.Hosting;

/// <summary>The configuration that the embedded PostgreSQL stands in for: the portal's database and two targets.</summary>
internal static class EmbeddedConfiguration
{
    /// <summary>True in the configuration while the portal runs on its embedded database.</summary>
    public const string EmbeddedKey = "Portal:Embedded";

    private const string PortalDatabase = "portal";
    private static readonly string[] Targets = ["staging", "main"];

    /// <summary>Nothing embedded starts when a connection string for the portal's own database is configured.</summary>
    public static bool IsNeeded(IConfiguration configuration)
    {
        if (!string.IsNullOrWhiteSpace(configuration.GetConnectionString("Portal")))
            return false;
        if (configuration.GetSection("Portal:Targets").GetChildren().FirstOrDefault(target => target["ConnectionString"] is not null) is { } target)
        {
            throw new CommandFailedException(
                $"{target.Path}:ConnectionString is set, but the portal's own database is not. Set ConnectionStrings__Portal too, or remove the target to run on the embedded PostgreSQL.");
        }

        return true;
    }

    public static EmbeddedPostgresOptions Options(string dataFolder, Action<string> report) =>
        new() { DataFolder = dataFolder, Databases = [PortalDatabase, .. Targets], Report = report };

    public static IEnumerable<KeyValuePair<string, string?>> Settings(EmbeddedPostgres postgres)
    {
        yield return new(EmbeddedKey, "true");
        yield return new("ConnectionStrings:Portal", postgres.ConnectionString(PortalDatabase, EmbeddedRole.Runtime));
        yield return new("ConnectionStrings:PortalOwner", postgres.ConnectionString(PortalDatabase, EmbeddedRole.Owner));
        foreach (var name in Targets)
        {
            yield return new($"Portal:Targets:{name}:ConnectionString", postgres.ConnectionString(name, EmbeddedRole.Runtime));
            yield return new($"Portal:Targets:{name}:OwnerConnectionString", postgres.ConnectionString(name, EmbeddedRole.Owner));
        }

        yield return new("Portal:Targets:main:Primary", "true");
        yield return new("Portal:Targets:main:Requires", "staging");
    }
}
