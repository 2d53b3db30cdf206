using System.Data.Common;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Npgsql.NameTranslation;

namespace AdminPortal.Data;

/// <summary>
/// How contexts are connected. One <see cref="NpgsqlDataSource"/> per connection string: it owns the pool and the
/// server's type ids, and must reload those after the enums were created or restored.
/// </summary>
public static class DatabaseOptions
{
    private const string MigrationsAssembly = "AdminPortal.Migrations";
    private const string HistoryTable = "__EFMigrationsHistory";
    private const string PoolSizeKey = "Maximum Pool Size";

    /// <summary>An instance has two pools per target and one of its own; PostgreSQL allows 100 connections unless told otherwise.</summary>
    private const int PoolSize = 30;

    // MapEnum renames types and sorts labels unless given this; one instance, or every context would build a model of its own.
    private static readonly NpgsqlNullNameTranslator NameTranslator = new();

    /// <param name="connectionString">Whatever zone it names, the session's is UTC.</param>
    /// <param name="name">What the pool is called in measurements; null: as its database. Never the connection string, which names a host and a role.</param>
    public static NpgsqlDataSource CreateDataSource(string connectionString, string? name = null)
    {
        var builder = new NpgsqlDataSourceBuilder(Completed(connectionString));
        builder.Name = name ?? builder.ConnectionStringBuilder.Database;
        builder.MapEnum<DeviceType>("public.DeviceType", NameTranslator);
        builder.MapEnum<PermissionScope>("public.PermissionScope", NameTranslator);
        return builder.Build();
    }

    public static DbContextOptionsBuilder UseDeviceDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource dataSource) =>
        options.UseNpgsql(dataSource, npgsql => npgsql
            .MapEnum<DeviceType>("DeviceType", "public", NameTranslator)
            .MapEnum<PermissionScope>("PermissionScope", "public", NameTranslator)
            .MigrationsAssembly(MigrationsAssembly)
            .MigrationsHistoryTable(HistoryTable, PortalDbContext.Schema)).AddInterceptors(StorableText.Instance);

    public static DbContextOptionsBuilder UsePortalDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource dataSource) =>
        options.UseNpgsql(dataSource, npgsql => npgsql
            .MigrationsAssembly(MigrationsAssembly)
            .MigrationsHistoryTable(HistoryTable, PortalDbContext.Schema)).AddInterceptors(StorableText.Instance);

    /// <summary>A pool size that the connection string names is kept.</summary>
    private static string Completed(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Timezone = "UTC" };
        if (!new DbConnectionStringBuilder { ConnectionString = builder.ConnectionString }.ContainsKey(PoolSizeKey))
        {
            builder.MaxPoolSize = PoolSize;
        }

        return builder.ConnectionString;
    }
}
