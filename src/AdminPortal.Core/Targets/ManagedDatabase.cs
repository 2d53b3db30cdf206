using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Migrates a managed database in one go. For the embedded databases at start only; databases of other people are
/// migrated by a watched run.
/// </summary>
public sealed class ManagedDatabase(DeviceDatabases databases, IOptions<PortalOptions> options, TimeProvider time)
{
    public async Task MigrateAsync(string target, CancellationToken cancellationToken)
    {
        var settings = options.Value.Targets[target];
        await OwnerMigration.RunAsync(
            settings.OwnerConnectionString ?? settings.ConnectionString,
            new NpgsqlConnectionStringBuilder(settings.ConnectionString).Username,
            source => new DeviceDbContext((DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(source).Options),
            time,
            cancellationToken);
        await databases.ReloadTypesAsync(target, cancellationToken); // the enums may be new to the pool
    }
}
