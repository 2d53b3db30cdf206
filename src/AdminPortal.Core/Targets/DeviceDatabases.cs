using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// The managed databases of this portal. Keeps one data source (pool and type ids) per target for the life of the process.
/// </summary>
public sealed class DeviceDatabases : IDbContextFactory<DeviceDbContext>, IAsyncDisposable
{
    private readonly Dictionary<string, Target> targets;

    public DeviceDatabases(IOptions<PortalOptions> options)
    {
        targets = options.Value.Targets.ToDictionary(
            t => t.Key, t => new Target(DatabaseOptions.CreateDataSource(t.Value.ConnectionString)), StringComparer.OrdinalIgnoreCase);
        PrimaryName = options.Value.PrimaryTarget;
    }

    /// <summary>The target that the device pages and the device API work on.</summary>
    public string PrimaryName { get; }

    public IReadOnlyCollection<string> Names => targets.Keys;

    public NpgsqlDataSource PrimaryDataSource => targets[PrimaryName].DataSource;

    public NpgsqlDataSource DataSource(string target) => targets[target].DataSource;

    /// <summary>A context on the primary target.</summary>
    public DeviceDbContext CreateDbContext() => CreateDbContext(PrimaryName);

    public DeviceDbContext CreateDbContext(string target) => new(targets[target].Options);

    /// <summary>Reads the server's types again; needed after the enums were created, dropped or restored.</summary>
    public async Task ReloadTypesAsync(string target, CancellationToken cancellationToken)
    {
        targets[target].DataSource.Clear();
        await targets[target].DataSource.ReloadTypesAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var target in targets.Values)
        {
            await target.DataSource.DisposeAsync();
        }
    }

    private sealed class Target(NpgsqlDataSource dataSource)
    {
        public NpgsqlDataSource DataSource { get; } = dataSource;

        public DbContextOptions<DeviceDbContext> Options { get; } =
            (DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(dataSource).Options;
    }
}
