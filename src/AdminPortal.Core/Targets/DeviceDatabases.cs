using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// The managed databases of this portal. Keeps two data sources (pools and type ids) per target for the life of the process.
/// </summary>
public sealed class DeviceDatabases : IDbContextFactory<DeviceDbContext>, IAsyncDisposable
{
    /// <summary>How the name of a pool ends whose connections keep plans.</summary>
    internal const string KeyedPool = " (device calls)";

    private readonly Dictionary<string, Target> targets;

    public DeviceDatabases(IOptions<PortalOptions> options)
    {
        targets = options.Value.Targets.ToDictionary(
            t => t.Key, t => new Target(t.Key, t.Value.ConnectionString), StringComparer.OrdinalIgnoreCase);
        PrimaryName = options.Value.PrimaryTarget;
    }

    /// <summary>The target that the device pages and the device API work on.</summary>
    public string PrimaryName { get; }

    public IReadOnlyCollection<string> Names => targets.Keys;

    public NpgsqlDataSource PrimaryDataSource => targets[PrimaryName].DataSource;

    /// <summary>What <see cref="CreateKeyedDbContext"/> is connected to, for the statements that leave EF Core out.</summary>
    public NpgsqlDataSource KeyedDataSource => targets[PrimaryName].KeyedSource;

    public NpgsqlDataSource DataSource(string target) => targets[target].DataSource;

    /// <summary>A context on the primary target.</summary>
    public DeviceDbContext CreateDbContext() => CreateDbContext(PrimaryName);

    public DeviceDbContext CreateDbContext(string target) => new(targets[target].Options);

    /// <summary>
    /// A context on the primary target for the few queries that every call of a device and every pairing makes, and that find
    /// rows by key: its connections keep the server's plans. Not for lists and searches, whose best plan depends on what is looked for.
    /// </summary>
    public DeviceDbContext CreateKeyedDbContext() => new(targets[PrimaryName].KeyedOptions);

    /// <summary>Reads the server's types again; needed after the enums were created, dropped or restored.</summary>
    public async Task ReloadTypesAsync(string target, CancellationToken cancellationToken)
    {
        foreach (var dataSource in targets[target].DataSources)
        {
            dataSource.Clear();
            await dataSource.ReloadTypesAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var dataSource in targets.Values.SelectMany(target => target.DataSources))
        {
            await dataSource.DisposeAsync();
        }
    }

    private sealed class Target
    {
        public Target(string name, string connectionString)
        {
            DataSource = DatabaseOptions.CreateDataSource(connectionString, name);
            KeyedSource = DatabaseOptions.CreateDataSource(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString, name + KeyedPool);
            (Options, KeyedOptions) = (OptionsOf(DataSource), OptionsOf(KeyedSource));
        }

        public NpgsqlDataSource DataSource { get; }

        public NpgsqlDataSource KeyedSource { get; }

        public IEnumerable<NpgsqlDataSource> DataSources => [DataSource, KeyedSource];

        public DbContextOptions<DeviceDbContext> Options { get; }

        public DbContextOptions<DeviceDbContext> KeyedOptions { get; }

        private static DbContextOptions<DeviceDbContext> OptionsOf(NpgsqlDataSource dataSource) =>
            (DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(dataSource).Options;
    }
}
