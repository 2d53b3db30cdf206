using System.Diagnostics;
using System.Globalization;

namespace AdminPortal.Benchmarks.Memory;

/// <summary>The portal as it is run for people: a process of its own, built for release, on the world's databases.</summary>
internal sealed class PortalProgram : IAsyncDisposable
{
    public const string Email = "bench-admin@example.org";
    public const string Password = "heather-lantern-42-otter";
    private const string Ready = "Portal ready: ";
    private readonly Process program;

    private PortalProgram(Process process, string address) => (program, Address) = (process, address);

    public string Address { get; }

    public static async Task<PortalProgram> StartAsync(BenchmarkWorld world, string portalDatabase, CancellationToken cancellationToken)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "AdminPortal.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The benchmarks do not run from the repository.");
        }

        var start = new ProcessStartInfo("dotnet", [Path.Combine(root, "src/AdminPortal.Web/bin/Release/net10.0/AdminPortal.Web.dll"), "serve", "--empty"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__Portal"] = portalDatabase,
                ["Portal__Targets__main__ConnectionString"] = world.ConnectionString,
                ["PORTAL_URLS"] = "http://127.0.0.1:5098",
                ["PORTAL_DATA_DIR"] = Path.Combine(Path.GetTempPath(), $"adminportal-benchmark-portal-{Environment.ProcessId}"),
                ["PORTAL_ADMIN_EMAIL"] = Email,
                ["PORTAL_ADMIN_PASSWORD"] = Password,
            },
        };
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Ready, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(line.Data[Ready.Length..].Trim());
            }
        };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The portal ended before it was ready."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new PortalProgram(process, await ready.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken));
    }

    /// <summary>What the process holds in memory, in MB: all of it, and without what is mapped from files.</summary>
    public (double Resident, double Anonymous) ReadMemory()
    {
        var lines = File.ReadAllLines($"/proc/{program.Id}/status");
        return (Of("VmRSS:"), Of("RssAnon:"));

        double Of(string name) => double.Parse(lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        program.Kill();
        await program.WaitForExitAsync();
        program.Dispose();
    }
}
