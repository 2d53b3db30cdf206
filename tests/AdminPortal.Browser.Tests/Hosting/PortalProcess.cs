using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>The program as people start it: <c>dotnet AdminPortal.Web.dll serve</c>, a process on a port and a data folder of its own.</summary>
public sealed class PortalProcess(string dataFolder, IReadOnlyDictionary<string, string> settings, int? port = null) : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan PatienceWithStart = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PatienceWithStop = TimeSpan.FromSeconds(60);
    private readonly int _port = port ?? FindFreePort();
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>The same over every start, as a bookmark expects it.</summary>
    public string Url => $"http://127.0.0.1:{_port}";

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Returns when the portal says that it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            Keep(line.Data);
            if (line.Data?.StartsWith("Portal ready:", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The portal ended before it was ready:\n{Log}"));
        process.Start();
        _process = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(PatienceWithStart, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"The portal was not ready after {PatienceWithStart.TotalSeconds} s:\n{Log}", timeout);
        }
    }

    /// <summary>SIGTERM, then waits for the clean end, the database's included.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        using (process)
        {
            if (!process.HasExited && SendSignal(process.Id, Terminate) != 0)
                throw new InvalidOperationException("SIGTERM could not be sent to the portal.");
            using var patience = new CancellationTokenSource(PatienceWithStop);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException timeout)
            {
                process.Kill();
                throw new TimeoutException($"The portal did not end within {PatienceWithStop.TotalSeconds} s of SIGTERM:\n{Log}", timeout);
            }
        }
    }

    /// <summary>SIGKILL: nothing is put in order, and its database server stays behind.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        using var process = _process ?? throw new InvalidOperationException("The portal is not running.");
        _process = null;
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Repository.Program, "serve", "--urls", Url },
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsPortalSetting).ToList())
            start.Environment.Remove(name);
        start.Environment["PORTAL_DATA_DIR"] = dataFolder;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>What a developer has set for a portal of their own must not reach this one.</summary>
    private static bool IsPortalSetting(string name) =>
        new[] { "PORTAL_", "Portal__", "Pairing__", "Smtp__", "ConnectionStrings__", "ASPNETCORE_", "DOTNET_ENVIRONMENT" }
            .Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    internal static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);
}
