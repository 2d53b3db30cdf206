using System.CommandLine;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Targets;

/// <summary><c>portal connection TARGET [--role owner|runtime]</c>: prints a URL for libpq, and nothing else, on standard output.</summary>
internal static class ConnectionCommand
{
    public static Command Build()
    {
        var target = new Argument<string>("target") { Description = "A target's name, such as main; 'portal' is the portal's own database." };
        var role = new Option<string>("--role") { Description = "owner may change tables, runtime may not.", DefaultValueFactory = _ => "runtime" };
        role.AcceptOnlyFromAmong("owner", "runtime");
        var command = new Command("connection", "Prints a database's address with its password, for programs that read it from a file or a variable. People use: portal psql") { target, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = await LoadAsync(cancellationToken);
            var key = FindKey(configuration, parsed.GetRequiredValue(target), parsed.GetRequiredValue(role) == "owner");
            await Console.Out.WriteLineAsync(ToUrl(key, configuration[key]!));
            return 0;
        });
        return command;
    }

    internal static async Task<IConfiguration> LoadAsync(CancellationToken cancellationToken)
    {
        var configuration = CommandDatabases.LoadConfiguration();
        if (!EmbeddedConfiguration.IsNeeded(configuration))
            return configuration;
        var options = EmbeddedConfiguration.Options(DataFolder.Resolve(), static _ => { });
        return await EmbeddedPostgres.FindRunningAsync(options, cancellationToken) is { } running
            ? CommandDatabases.With(configuration, running)
            : throw new CommandFailedException($"No embedded PostgreSQL runs for {options.DataFolder}. Start it with ./run, then try again.");
    }

    private static string ToUrl(string key, string connectionString)
    {
        try
        {
            return LibpqUrl.From(ConnectionText.Normalized(connectionString));
        }
        catch (ArgumentException)
        {
            throw new CommandFailedException(ConnectionText.Problem(key, connectionString) ?? $"{key} is not understood.");
        }
    }

    internal static string FindKey(IConfiguration configuration, string target, bool owner)
    {
        var targets = configuration.GetSection("Portal:Targets").GetChildren().Select(section => section.Key).ToList();
        var key = string.Equals(target, "portal", StringComparison.OrdinalIgnoreCase)
            ? $"ConnectionStrings:Portal{(owner ? "Owner" : "")}"
            : $"Portal:Targets:{target}:{(owner ? "Owner" : "")}ConnectionString";
        if (!string.IsNullOrWhiteSpace(configuration[key]))
            return key;
        return target == "portal" || targets.Contains(target, StringComparer.OrdinalIgnoreCase)
            ? throw new CommandFailedException($"{key} is not set.")
            : throw new CommandFailedException($"There is no target '{target}'. Known: {string.Join(", ", targets.Prepend("portal"))}.");
    }
}
