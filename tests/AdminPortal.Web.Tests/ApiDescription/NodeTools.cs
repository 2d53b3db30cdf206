using System.Diagnostics;

namespace AdminPortal.Web.Tests.ApiDescription;

/// <summary>Runs node and the tools of <c>clients/</c>, whose packages are those of its lock file (<c>./test</c> installs them).</summary>
internal static class NodeTools
{
    public static string Clients { get; } = Path.Combine(Root(), "clients");

    /// <summary>Where tests leave what they generate.</summary>
    public static string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "contract", name)).FullName;

    /// <summary>A program of a package, or <c>node</c> itself. Fails with what it printed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (exitCode, output) = await StartAsync(program, arguments, environment);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}:\n{output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        Assert.True(Directory.Exists(Path.Combine(Clients, "node_modules")), "The tools are missing: run 'npm ci --ignore-scripts' in clients/ (./test does).");
        var start = new ProcessStartInfo(program == "node" ? "node" : Path.Combine(Clients, "node_modules", ".bin", program), arguments)
        {
            WorkingDirectory = Clients,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["NO_COLOR"], start.Environment["REDOCLY_TELEMETRY"], start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"]) = ("1", "off", "true");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return (process.ExitCode, await output + await errors);
    }

    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AdminPortal.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder;
    }
}
