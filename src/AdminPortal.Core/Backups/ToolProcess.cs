using System.Diagnostics;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Runs pg_dump or pg_restore without a shell. Where to connect and the password go through the environment, so that
/// neither stands in the list of processes; the portal's own variables do not reach it.
/// </summary>
internal static class ToolProcess
{
    private const int LastErrors = 20;

    /// <summary>Of a program that ended.</summary>
    /// <param name="Errors">The last lines that were no progress.</param>
    internal sealed record Ended(int ExitCode, IReadOnlyList<string> Errors);

    /// <summary>A program's short answer; it connects to nothing.</summary>
    public static async Task<(int ExitCode, string Output)> AskAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, Func<Stream, CancellationToken, Task>? input = null)
    {
        var output = new StringWriter();
        var ended = await RunAsync(
            program, arguments, connection: null, static _ => { },
            async (stream, token) =>
            {
                using var reader = new StreamReader(stream);
                await output.WriteAsync((await reader.ReadToEndAsync(token)).AsMemory(), token);
            },
            cancellationToken, input);
        return (ended.ExitCode, ended.ExitCode == 0 ? output.ToString() : string.Join('\n', ended.Errors));
    }

    /// <summary>To its end. Cancelled, or when reading its output fails, the program is killed before this returns.</summary>
    /// <param name="progress">Gets each line of standard error that tells of progress rather than of trouble.</param>
    /// <param name="read">Reads its standard output to the end.</param>
    /// <param name="input">Writes its standard input; null: it has none.</param>
    public static async Task<Ended> RunAsync(
        string program, IEnumerable<string> arguments, NpgsqlConnectionStringBuilder? connection, Action<string> progress,
        Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken, Func<Stream, CancellationToken, Task>? input = null)
    {
        var server = connection is null ? null : await TargetConnection.OneServerAsync(connection, cancellationToken);
        using var process = Process.Start(Describe(program, arguments, server))!;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var kill = over.Token.Register(() => Kill(process));
        var errors = ReadErrorsAsync(process.StandardError, Path.GetFileName(program), progress);
        var feeding = FeedAsync(process, input, over);
        try
        {
            await read(process.StandardOutput.BaseStream, over.Token);
        }
        catch
        {
            await over.CancelAsync();
            if (feeding.IsFaulted)
            {
                await feeding; // why the program was killed
            }

            throw;
        }
        finally
        {
            await process.WaitForExitAsync(CancellationToken.None); // killed by the token, where there is need
            await errors;
        }

        await feeding;

        cancellationToken.ThrowIfCancellationRequested();
        return new Ended(process.ExitCode, await errors);
    }

    /// <summary>What cannot be fed ends the program: it must not take a part for the whole.</summary>
    private static async Task FeedAsync(Process process, Func<Stream, CancellationToken, Task>? input, CancellationTokenSource over)
    {
        await using var stdin = process.StandardInput.BaseStream;
        if (input is null)
        {
            return;
        }

        try
        {
            await input(stdin, over.Token);
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, NpgsqlConnectionStringBuilder? connection)
    {
        var start = new ProcessStartInfo
        {
            FileName = program,
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        ChildEnvironment.Clean(start);
        start.Environment["LC_ALL"] = "C"; // its messages are read
        foreach (var (name, value) in connection is null ? [] : ToolConnection.Variables(connection))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<IReadOnlyList<string>> ReadErrorsAsync(StreamReader reader, string program, Action<string> progress)
    {
        var prefix = $"{program}: ";
        Queue<string> errors = [];
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            var told = line.StartsWith(prefix, StringComparison.Ordinal);
            var text = told ? line[prefix.Length..] : line;
            if (told && !text.Split(' ', 2)[0].EndsWith(':'))
            {
                progress(text); // neither "error: …", "warning: …", "detail: …", "hint: …" nor what a server said over several lines
                continue;
            }

            errors.Enqueue(text);
            if (errors.Count > LastErrors)
            {
                errors.Dequeue();
            }
        }

        return [.. errors];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
