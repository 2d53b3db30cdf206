using System.Globalization;
using System.Security.Cryptography;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Makes the cluster's files, once. A set-up that was killed leaves only a folder under another name, which the next start removes.</summary>
internal static class ClusterInitialiser
{
    public const string SettingsFile = "adminportal.conf";

    private const UnixFileMode ReadableByServer = PrivateFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>PostgreSQL's major version that made the data, or null when there is none yet.</summary>
    public static async Task<int?> ReadVersionAsync(ClusterLocation location, CancellationToken cancellationToken) =>
        location.IsInitialised
            ? int.Parse((await File.ReadAllTextAsync(Path.Combine(location.Data, "PG_VERSION"), cancellationToken)).Split('.')[0], CultureInfo.InvariantCulture)
            : null;

    public static async Task InitialiseAsync(
        ClusterLocation location, PostgresBinaries binaries, ClusterSecrets secrets, bool durable, CancellationToken cancellationToken)
    {
        RemoveHalfDone(location);
        var name = $"data.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var unfinished = Path.Combine(location.ServerFolder, name);
        var passwordFile = Path.Combine(location.ServerFolder, $"{name}.password");
        await PrivateFile.WriteAsync(passwordFile, secrets.Superuser, PrivateFile.OwnerOnly, cancellationToken);
        try
        {
            await location.GiveToServerAsync(passwordFile, cancellationToken);
            List<string> arguments =
            [
                "--pgdata", unfinished, "--username", "postgres", "--pwfile", passwordFile,
                "--auth-host", "scram-sha-256", "--auth-local", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
            ];
            if (!durable)
                arguments.Add("--no-sync");
            await ServerCommand.RunCheckedAsync(binaries.InitDb, arguments, location.RunAs, location.ServerFolder, cancellationToken);
            await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), $"\ninclude = '{SettingsFile}'\n", cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, location.Data);
    }

    /// <summary>Written before every start, so that a changed default reaches old clusters.</summary>
    public static async Task WriteSettingsAsync(ClusterLocation location, int port, bool durable, CancellationToken cancellationToken)
    {
        var settings = $"""
            # Written by AdminPortal before every start; changes here are lost. Use postgresql.auto.conf (ALTER SYSTEM).
            listen_addresses = '127.0.0.1'
            port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 200
            shared_buffers = '128MB'
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            fsync = {(durable ? "on" : "off")}
            synchronous_commit = {(durable ? "on" : "off")}
            full_page_writes = {(durable ? "on" : "off")}

            """;
        await PrivateFile.WriteAsync(Path.Combine(location.Data, SettingsFile), settings, ReadableByServer, cancellationToken);
    }

    private static void RemoveHalfDone(ClusterLocation location)
    {
        foreach (var leftover in Directory.GetFiles(location.ServerFolder, "data.new-*"))
            File.Delete(leftover);
        foreach (var leftover in Directory.GetDirectories(location.ServerFolder, "data.new-*"))
        {
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (IOException)
            {
                // An orphaned initdb still writes there; it is in nobody's way, and the next start removes it.
                continue;
            }
        }

        // Not a half-done set-up, which has another name: somebody's files, perhaps a damaged cluster.
        if (Directory.Exists(location.Data))
            throw new EmbeddedDatabaseException($"{location.Data} is no PostgreSQL data folder: it has no PG_VERSION. Restore it from a backup, or move {location.Home} away to start anew.");
    }
}
