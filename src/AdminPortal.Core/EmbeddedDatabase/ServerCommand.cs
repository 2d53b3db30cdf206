using System.ComponentModel;
using System.Diagnostics;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Runs one of PostgreSQL's programs, without a shell, as the wanted user and without the portal's variables.</summary>
internal static class ServerCommand
{
    internal sealed record Result(int ExitCode, string Output);

    public static async Task<Result> RunAsync(
        string program, IReadOnlyList<string> arguments, string? runAs, string workingDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo
        {
            FileName = program,
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (runAs is not null)
            SwitchUser(start, program, runAs);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        ChildEnvironment.Clean(start); // PGDATA, PGPORT and the like would redirect the programs to somebody else's server, too
        start.Environment["LC_ALL"] = "C";

        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Result(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Throws with the program's own words when it fails.</summary>
    public static async Task RunCheckedAsync(
        string program, IReadOnlyList<string> arguments, string? runAs, string workingDirectory, CancellationToken cancellationToken)
    {
        var result = await RunAsync(program, arguments, runAs, workingDirectory, cancellationToken);
        if (result.ExitCode != 0)
            throw new EmbeddedDatabaseException($"{Path.GetFileName(program)} failed with exit code {result.ExitCode}: {result.Output}");
    }

    private static void SwitchUser(ProcessStartInfo start, string program, string user)
    {
        const string setpriv = "/usr/bin/setpriv";
        string[] prefix;
        if (File.Exists(setpriv))
        {
            start.FileName = setpriv;
            prefix = [$"--reuid={user}", $"--regid={user}", "--init-groups", "--", program];
        }
        else
        {
            start.FileName = "runuser";
            prefix = ["-u", user, "--", program];
        }

        foreach (var argument in prefix)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("HOME");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new EmbeddedDatabaseException($"{start.FileName} could not be started: {failure.Message}", failure);
        }
    }
}
