using System.ComponentModel;
using System.Diagnostics;
using AdminPortal.Core.Backups;
using AdminPortal.Core.EmbeddedDatabase;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>Runs psql in the caller's terminal. Where to connect and the password go through its environment, and stand in no list of processes.</summary>
public static class PsqlProcess
{
    /// <returns>The exit code of psql.</returns>
    /// <exception cref="InvalidOperationException">There is no psql.</exception>
    public static async Task<int> RunAsync(string connectionString, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo { FileName = await FindAsync(cancellationToken), UseShellExecute = false };
        ChildEnvironment.Clean(start, terminal: true);
        foreach (var (name, value) in ToolConnection.Variables(new NpgsqlConnectionStringBuilder(connectionString), application: "portal psql"))
        {
            start.Environment[name] = value;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(CancellationToken.None); // Ctrl-C ends a statement, not the session: psql gets it too
            return process.ExitCode;
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"psql could not be started: {failure.Message}. Install PostgreSQL's client programs.", failure);
        }
    }

    /// <summary>That of the server which the portal would start; else what the terminal would start.</summary>
    private static async Task<string> FindAsync(CancellationToken cancellationToken) =>
        await PostgresBinaries.FindAsync(null, cancellationToken) is { Folder: var folder } && Path.Combine(folder, "psql") is var beside && File.Exists(beside) ? beside : "psql";
}
