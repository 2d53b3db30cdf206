using System.Security.Cryptography;
using System.Text;

namespace AdminPortal.Core.EmbeddedDatabase;

/// <summary>Where a cluster's files lie and which user its server runs as.</summary>
/// <remarks>
/// PostgreSQL refuses to run as root, and its user cannot enter root's folders, so root's clusters lie under /var/lib/adminportal.
/// <see cref="Home"/> belongs to the portal (secrets, lock); <see cref="ServerFolder"/> to the server's user.
/// </remarks>
internal sealed record ClusterLocation(string Home, string? RunAs)
{
    public string ServerFolder => Path.Combine(Home, "server");

    public string Data => Path.Combine(ServerFolder, "data");

    public string LogFile => Path.Combine(ServerFolder, "postgres.log");

    public string SecretsFile => Path.Combine(Home, "secrets.json");

    public string LockFile => Path.Combine(Home, "start.lock");

    public bool IsInitialised => File.Exists(Path.Combine(Data, "PG_VERSION"));

    public static ClusterLocation For(string dataFolder)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        if (!Environment.IsPrivilegedProcess)
            return new ClusterLocation(Path.Combine(folder, "postgres"), RunAs: null);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        return new ClusterLocation(Path.Combine("/var/lib/adminportal", hash), RunAs: "postgres");
    }

    /// <summary>Makes the folders with their owners and modes; repeatable.</summary>
    public async Task EnsureFoldersAsync(CancellationToken cancellationToken)
    {
        const UnixFileMode everyoneEnters = UnixFileMode.OtherExecute | UnixFileMode.GroupExecute;
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

        Directory.CreateDirectory(Path.GetDirectoryName(Home)!);
        Directory.CreateDirectory(Home, RunAs is null ? ownerOnly : ownerOnly | everyoneEnters);
        Directory.CreateDirectory(ServerFolder, ownerOnly);
        await GiveToServerAsync(ServerFolder, cancellationToken);
    }

    public async Task GiveToServerAsync(string path, CancellationToken cancellationToken)
    {
        // No chown in .NET; the trailing colon means the user's own group.
        if (RunAs is not null)
            await ServerCommand.RunCheckedAsync("chown", ["-h", $"{RunAs}:", path], runAs: null, Home, cancellationToken);
    }
}
