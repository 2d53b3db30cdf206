using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Starts and stops the server process of one cluster. The server outlives a portal that is killed, and is adopted by the next.</summary>
internal sealed class ClusterServer(ClusterLocation location, EmbeddedPostgresOptions options)
{
    private const int PortAttempts = 5;
    private const long LargestLog = 5 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The running, ready server of this folder; null when there is none. A server on its way up or down is waited for.</summary>
    public async Task<PostmasterFile?> FindAsync(CancellationToken cancellationToken)
    {
        var deadline = options.Clock.GetUtcNow() + Patience;
        while (PostmasterFile.Read(location.Data) is { } file && file.IsServed())
        {
            if (file.IsReady)
                return file;
            if (options.Clock.GetUtcNow() > deadline)
                throw new EmbeddedDatabaseException($"PostgreSQL (process {file.ProcessId}) in {location.Data} has been '{file.Status}' for a minute. See {location.LogFile}.");
            await Task.Delay(PollInterval, options.Clock, cancellationToken);
        }

        return null;
    }

    public async Task<PostmasterFile> StartAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        await RemoveStaleFileAsync(cancellationToken);
        RotateLog();
        var port = await ReadLastPortAsync(cancellationToken) is { } last && IsFree(last) ? last : ChooseFreePort();
        for (var attempt = 1; ; attempt++)
        {
            options.Report($"Starting PostgreSQL {binaries.MajorVersion} on 127.0.0.1:{port} …");
            await ClusterInitialiser.WriteSettingsAsync(location, port, options.Durable, cancellationToken);
            var result = await RunPgCtlAsync(binaries, "start", "--wait", "--silent", "--timeout", "120", "--log", location.LogFile);
            if (result.ExitCode == 0)
                return PostmasterFile.Read(location.Data) ?? throw new EmbeddedDatabaseException($"PostgreSQL ended right after its start. See {location.LogFile}.");
            if (attempt == PortAttempts || IsFree(port))
                throw new EmbeddedDatabaseException($"PostgreSQL did not start: {result.Output}\nThe end of {location.LogFile}:\n{await TailOfLogAsync(cancellationToken)}");
            port = ChooseFreePort(); // somebody took it between the look and the start
        }
    }

    public async Task StopAsync(PostgresBinaries binaries)
    {
        if (PostmasterFile.Read(location.Data)?.IsServed() != true)
            return;
        var fast = await RunPgCtlAsync(binaries, "stop", "--mode", "fast", "--wait", "--silent", "--timeout", "30");
        if (fast.ExitCode == 0 || PostmasterFile.Read(location.Data)?.IsServed() != true)
            return;
        // As a crash would; the next start recovers.
        var immediate = await RunPgCtlAsync(binaries, "stop", "--mode", "immediate", "--wait", "--silent", "--timeout", "20");
        if (immediate.ExitCode != 0)
            throw new EmbeddedDatabaseException($"PostgreSQL in {location.Data} does not stop: {immediate.Output}");
    }

    /// <summary>Never cancelled half-way, which would kill the server with the program; both waits have an end of their own.</summary>
    private Task<ServerCommand.Result> RunPgCtlAsync(PostgresBinaries binaries, params string[] arguments) =>
        ServerCommand.RunAsync(binaries.PgCtl, ["--pgdata", location.Data, .. arguments], location.RunAs, location.ServerFolder, CancellationToken.None);

    /// <summary>
    /// PostgreSQL itself refuses to start when the file of a killed server names a number that another process has by now.
    /// With the file goes PostgreSQL's own look for survivors of that server, so they are waited for here.
    /// </summary>
    private async Task RemoveStaleFileAsync(CancellationToken cancellationToken)
    {
        if (PostmasterFile.Read(location.Data) is not { } stale)
            return;
        options.Report("The last PostgreSQL server here was killed; cleaning up after it …");
        var deadline = options.Clock.GetUtcNow() + Patience;
        while (stale.HasSurvivors())
        {
            if (options.Clock.GetUtcNow() > deadline)
                throw new EmbeddedDatabaseException($"Processes of a killed PostgreSQL server still use {location.Data}. End them, then start again.");
            await Task.Delay(PollInterval, options.Clock, cancellationToken);
        }

        File.Delete(stale.Path);
    }

    private void RotateLog()
    {
        if (new FileInfo(location.LogFile) is { Exists: true, Length: > LargestLog })
            File.Move(location.LogFile, $"{location.LogFile}.1", overwrite: true);
    }

    private async Task<string> TailOfLogAsync(CancellationToken cancellationToken) =>
        File.Exists(location.LogFile) ? string.Join('\n', (await File.ReadAllLinesAsync(location.LogFile, cancellationToken)).TakeLast(10)) : "(none)";

    /// <summary>The port of the last start, so that copied connection strings live as long as possible.</summary>
    private async Task<int?> ReadLastPortAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(location.Data, ClusterInitialiser.SettingsFile);
        if (!File.Exists(path))
            return null;
        var line = (await File.ReadAllLinesAsync(path, cancellationToken)).FirstOrDefault(text => text.StartsWith("port = ", StringComparison.Ordinal));
        return int.TryParse(line?["port = ".Length..], CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int ChooseFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
