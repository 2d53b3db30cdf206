using System.Diagnostics;
using System.Globalization;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>PostgreSQL's <c>postmaster.pid</c>: which process serves a data folder, on which port, in which state.</summary>
/// <remarks>Lines: process id, data folder, start time, port, socket folder, address, shared memory key, status (src/include/utils/pidfile.h).</remarks>
internal sealed record PostmasterFile(string Path, int ProcessId, int Port, string Status)
{
    public bool IsReady => Status == "ready";

    public static PostmasterFile? Read(string dataFolder)
    {
        var path = System.IO.Path.Combine(dataFolder, "postmaster.pid");
        if (ReadText(path) is not { } content)
            return null;
        var lines = content.Split('\n', StringSplitOptions.TrimEntries);
        return new PostmasterFile(path, Number(lines, 0), Number(lines, 3), lines.ElementAtOrDefault(7) ?? "");
    }

    /// <summary>Whether the process named in the file is alive and a PostgreSQL server of this very folder.</summary>
    public bool IsServed() => IsServerHere(ProcessId);

    /// <summary>A killed server's children, which end by themselves soon; until then no new server may touch the data.</summary>
    public bool HasSurvivors() => OperatingSystem.IsLinux() && Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Any(id => id > 0 && IsServerHere(id));

    private bool IsServerHere(int processId)
    {
        if (processId <= 0)
            return false;
        if (!OperatingSystem.IsLinux())
            return Process.GetProcesses().Any(process => process.Id == processId && process.ProcessName.StartsWith("postgres", StringComparison.Ordinal));

        // A server's working folder is its data folder. The number alone says little: it may be another process by now,
        // and in a copied data folder the file names the server of the original.
        return ReadText($"/proc/{processId}/comm")?.Trim() == "postgres"
            && WorkingFolder(processId) == RealPath(System.IO.Path.GetDirectoryName(Path)!);
    }

    private static string? WorkingFolder(int processId)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // gone meanwhile, or another user's process: not ours
        }
    }

    /// <summary>The path without symbolic links, as the kernel tells it.</summary>
    private static string RealPath(string path) => path
        .Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate("/", (real, name) =>
        {
            var next = System.IO.Path.Combine(real, name);
            return Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next;
        });

    private static int Number(string[] lines, int index) =>
        int.TryParse(lines.ElementAtOrDefault(index), CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // gone meanwhile
        }
    }
}
