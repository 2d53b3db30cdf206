using AdminPortal.Core.Accounts;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>Whether this program can serve from the portal's own database.</summary>
public enum PortalDatabaseState
{
    Ready,

    /// <summary>It does not answer within two seconds.</summary>
    Away,

    /// <summary>A migration of this program is missing.</summary>
    Older,

    /// <summary>A newer program migrated it.</summary>
    Newer,
}

/// <summary>The portal's own database: keeps its connection pool, and migrates it at start.</summary>
public sealed class PortalDatabase(IOptions<PortalConnections> connections, TimeProvider time) : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public NpgsqlDataSource DataSource { get; } = DatabaseOptions.CreateDataSource(connections.Value.Portal, "portal's own");

    /// <summary>Safe to call from several instances at once; the second finds nothing to do.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await OwnerMigration.RunAsync(
            connections.Value.PortalOwner ?? connections.Value.Portal,
            new NpgsqlConnectionStringBuilder(connections.Value.Portal).Username,
            source => new PortalDbContext((DbContextOptions<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(source).Options),
            record: null,
            time,
            cancellationToken);
        await EmailRenewal.RunAsync(DataSource, cancellationToken);
    }

    /// <summary>Asks it, with patience for two seconds.</summary>
    public async Task<PortalDatabaseState> StateAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var db = new PortalDbContext((DbContextOptions<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(DataSource).Options);
            var known = db.Database.GetMigrations().ToList();
            var applied = await db.Database.SqlQuery<string>($"""SELECT "MigrationId" AS "Value" FROM portal."__EFMigrationsHistory" """).ToHashSetAsync(StringComparer.Ordinal, patience.Token);
            return !known.TrueForAll(applied.Contains) ? PortalDatabaseState.Older
                : applied.Any(id => string.CompareOrdinal(id, known[^1]) > 0) ? PortalDatabaseState.Newer : PortalDatabaseState.Ready;
        }
        catch (Exception exception) when (TargetAvailability.LacksSchema(exception))
        {
            return PortalDatabaseState.Older;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return PortalDatabaseState.Away;
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();
}
