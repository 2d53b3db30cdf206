using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>The two databases of one test class. The portal works on them with its runtime role; tests alter tables as the owner.</summary>
public sealed class PairingDatabases(PostgresCluster cluster) : IAsyncLifetime
{
    private TestDatabase _device = null!;
    private TestDatabase _portal = null!;
    private NpgsqlDataSource _owner = null!;

    /// <summary>A hundred claims at once must not use up the server's connections.</summary>
    public string DeviceConnection => Pooled(_device.RuntimeConnectionString);

    public string PortalConnection => Pooled(_portal.RuntimeConnectionString);

    /// <summary>To the portal's own database, as the role that may alter it.</summary>
    public string PortalOwnerConnection => Pooled(_portal.OwnerConnectionString);

    /// <summary>Connections that may lock and alter tables, and change any row.</summary>
    public NpgsqlDataSource Owner => _owner;

    public async ValueTask InitializeAsync()
    {
        _device = await cluster.CreateDeviceDatabaseAsync(TestContext.Current.CancellationToken);
        _portal = await cluster.CreatePortalDatabaseAsync(TestContext.Current.CancellationToken);
        _owner = DatabaseOptions.CreateDataSource(Pooled(_device.OwnerConnectionString));
        await using var owner = await _owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await RuntimeGrants.ApplyAsync(owner, new NpgsqlConnectionStringBuilder(DeviceConnection).Username, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.DisposeAsync();
        await _device.DisposeAsync();
        await _portal.DisposeAsync();
    }

    private static string Pooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 25, Timeout = 60 }.ConnectionString;
}
