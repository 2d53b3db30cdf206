using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>Contexts as the portal makes them, and migrations one at a time.</summary>
internal static class Contexts
{
    /// <summary>The target that means "no migration at all".</summary>
    public const string None = Migration.InitialDatabase;

    /// <summary>For questions to the model and the assembly, which need no server.</summary>
    private const string NoServer = "Host=nowhere.invalid;Database=none";

    public static DeviceDbContext Device(NpgsqlDataSource source)
    {
        var options = new DbContextOptionsBuilder<DeviceDbContext>();
        options.UseDeviceDatabase(source);
        return new DeviceDbContext(options.Options);
    }

    public static PortalDbContext Portal(NpgsqlDataSource source)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase(source);
        return new PortalDbContext(options.Options);
    }

    /// <summary>The ids of all migrations of a context, in the order in which they are applied.</summary>
    public static IReadOnlyList<string> MigrationIds(Func<NpgsqlDataSource, DbContext> context) =>
        Offline(context, db => db.Database.GetMigrations().ToArray());

    public static T Offline<T>(Func<NpgsqlDataSource, DbContext> context, Func<DbContext, T> question)
    {
        using var source = DatabaseOptions.CreateDataSource(NoServer);
        using var db = context(source);
        return question(db);
    }

    /// <summary>Up or down to a migration: its id, or the snake_case name that the id ends in.</summary>
    public static async Task MigrateAsync(Func<NpgsqlDataSource, DbContext> context, string connectionString, string? migration)
    {
        await using var source = DatabaseOptions.CreateDataSource(Unpooled(connectionString));
        await using var db = context(source);
        await db.GetService<IMigrator>().MigrateAsync(migration, TestContext.Current.CancellationToken);
    }

    public static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
}
