using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>The portal's own database: keeps its connection pool, and migrates it at start.</summary>
public sealed class PortalDatabase(IOptions<PortalConnections> connections, TimeProvider time) : IAsyncDisposable, IDisposable
{
    public NpgsqlDataSource DataSource { get; } = DatabaseOptions.CreateDataSource(connections.Value.Portal, "portal's own");

    /// <summary>Safe to call from several instances at once; the second finds nothing to do.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => OwnerMigration.RunAsync(
        connections.Value.PortalOwner ?? connections.Value.Portal,
        new NpgsqlConnectionStringBuilder(connections.Value.Portal).Username,
        source => new PortalDbContext((DbContextOptions<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(source).Options),
        time,
        cancellationToken);

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();
}
