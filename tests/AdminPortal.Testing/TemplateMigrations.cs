using AdminPortal.Core.Migrations;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Testing;

/// <summary>How the template databases get their schema. The one place where the fixture meets the EF contexts.</summary>
/// <remarks>
/// Each is given an owner's connection string without pooling, because a template with an open connection cannot be copied.
/// </remarks>
internal static class TemplateMigrations
{
    public static async Task MigrateDeviceDatabase(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = DatabaseOptions.CreateDataSource(connectionString);
        await using var db = new DeviceDbContext(((DbContextOptionsBuilder<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(source)).Options);
        await db.Database.MigrateAsync(cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await MigrationSteps.RecordAsync(connection, new MigrationScripts(), db.Database.GetMigrations(), cancellationToken); // as the portal itself does
    }

    public static async Task MigratePortalDatabase(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = DatabaseOptions.CreateDataSource(connectionString);
        await using var db = new PortalDbContext(((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(source)).Options);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
