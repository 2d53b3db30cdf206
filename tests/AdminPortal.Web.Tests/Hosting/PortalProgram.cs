using System.Diagnostics;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>The program as scripts call it: a process of its own, without what the machine has set.</summary>
internal static class PortalProgram
{
    /// <param name="databases">As settings; null: databases that refuse every connection.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, string? language = null, IReadOnlyDictionary<string, string?>? databases = null)
    {
        var folder = Directory.CreateTempSubdirectory("adminportal-command-");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AdminPortal.Web.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
        };
        start.Environment["PORTAL_DATA_DIR"] = folder.FullName;
        if (language is not null)
        {
            (start.Environment["LC_ALL"], start.Environment["LANG"]) = (language, language);
        }

        foreach (var key in new[] { "ConnectionStrings:Portal", "ConnectionStrings:PortalOwner", "Portal:Targets:main:ConnectionString", "Portal:Targets:main:OwnerConnectionString" })
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = databases is null ? RunningPortal.NoDatabase : databases[key];
        }

        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        return (program.ExitCode, await output, await error);
    }
}
