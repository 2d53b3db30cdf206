using AdminPortal.Core.Migrations;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Migrates a managed database in one go. For the embedded databases at start only; databases of other people are
/// migrated by a watched run.
/// </summary>
public sealed class ManagedDatabase(DeviceDatabases databases, IOptions<PortalOptions> options, IDbContextFactory<PortalDbContext> contexts, MigrationScripts scripts, TimeProvider time)
{
    /// <summary>
    /// A target that an admin has ever migrated or rolled back is left to admins: a start neither undoes a roll-back nor gets in the way
    /// of a run that a killed portal left.
    /// </summary>
    public async Task MigrateAtStartAsync(IEnumerable<string> targets, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var byAdmins = await db.MigrationRecords.Select(r => r.Target).Distinct().ToListAsync(cancellationToken);
        foreach (var target in targets.Except(byAdmins))
        {
            await MigrateAsync(target, cancellationToken);
        }
    }

    private async Task MigrateAsync(string target, CancellationToken cancellationToken)
    {
        var settings = options.Value.Targets[target];
        await OwnerMigration.RunAsync(
            settings.OwnerConnectionString ?? settings.ConnectionString,
            new NpgsqlConnectionStringBuilder(settings.ConnectionString).Username,
            source => new DeviceDbContext((DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(source).Options),
            (owner, made, token) => MigrationSteps.RecordAsync(owner, scripts, made, token),
            time,
            cancellationToken);
        await databases.ReloadTypesAsync(target, cancellationToken); // the enums may be new to the pool
    }
}
