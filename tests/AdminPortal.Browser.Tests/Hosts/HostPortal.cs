using System.Diagnostics;
using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Browser.Tests.Hosts;

/// <summary>A portal of the first day, whose main target is the database of a service that has never heard of it.</summary>
public sealed class HostPortal : IAsyncLifetime
{
    private readonly PostgresCluster _cluster = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adminportal-host-");
    private string _owner = "";

    public static (string Email, string Password) Admin => ("first-admin@portal.example", "heather-lantern-42-otter");

    public PortalProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var portal = await _cluster.CreatePortalDatabaseAsync();
        var main = await _cluster.CreateEmptyDatabaseAsync();
        _owner = main.OwnerConnectionString;
        await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "AdminPortal.Core.Tests", "Hosts", "Examples", "focus.sql")));
        Process = new PortalProcess(_folder.FullName, new Dictionary<string, string>
        {
            ["PORTAL_ADMIN_EMAIL"] = Admin.Email,
            ["PORTAL_ADMIN_PASSWORD"] = Admin.Password,
            ["ConnectionStrings__Portal"] = portal.RuntimeConnectionString,
            ["ConnectionStrings__PortalOwner"] = portal.OwnerConnectionString,
            ["Portal__Targets__main__ConnectionString"] = main.RuntimeConnectionString,
            ["Portal__Targets__main__OwnerConnectionString"] = main.OwnerConnectionString,
        });
        await Process.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Repository.Artifacts("browser"), $"{nameof(HostPortal)}.log"), Process.Log);
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>What the service itself does on its database.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_owner) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }

    /// <summary>The service's own schema with its rights, but for what the portal's role has.</summary>
    public async Task<string> SchemaAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(_owner);
        var start = new ProcessStartInfo("pg_dump", ["-s", "-n", "public", "-h", settings.Host!, "-p", $"{settings.Port}", "-U", settings.Username!, "-d", settings.Database!]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PGPASSWORD"] = settings.Password;
        using var process = System.Diagnostics.Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, process.ExitCode);
        return string.Join('\n', text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal) && !line.Contains("TO portal_runtime", StringComparison.Ordinal)));
    }
}
