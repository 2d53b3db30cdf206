using System.Diagnostics;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Benchmarks;

/// <summary>A managed database with a crowd in it: on a private PostgreSQL that goes with the run, or one that was filled before.</summary>
internal sealed class BenchmarkWorld : IAsyncDisposable
{
    private const string FilledMark = "filled";
    private const string LastWithoutListIndexes = "add_device_list_extension";
    private readonly EmbeddedPostgres? cluster;
    private readonly bool keeps;

    private BenchmarkWorld(EmbeddedPostgres? server, string connectionString, string? portalConnectionString, bool keep = false)
    {
        (cluster, keeps) = (server, keep);
        ConnectionString = connectionString;
        PortalConnectionString = portalConnectionString;
        var options = new PortalOptions();
        options.Targets["main"] = new TargetOptions { ConnectionString = connectionString };
        Databases = new DeviceDatabases(Options.Create(options));
    }

    public DeviceDatabases Databases { get; }

    public string ConnectionString { get; }

    /// <summary>The portal's own database; null when only a managed one was given.</summary>
    public string? PortalConnectionString { get; }

    /// <summary>For the bare SQL: the same server and settings, without EF.</summary>
    public NpgsqlDataSource Source => Databases.PrimaryDataSource;

    public static BenchmarkWorld On(string connectionString, string? portalConnectionString) => new(null, connectionString, portalConnectionString);

    /// <param name="keep">The server's data stays in the folder for the next run, which finds it filled.</param>
    public static async Task<BenchmarkWorld> FillAsync(string folder, int pairings, bool keep, CancellationToken cancellationToken)
    {
        var server = new EmbeddedPostgres(new EmbeddedPostgresOptions { DataFolder = folder, Databases = ["bench", "portal"], Report = Console.Error.WriteLine });
        var filled = File.Exists(Path.Combine(server.Home, FilledMark));
        await server.StartAsync(cancellationToken);
        var owner = new NpgsqlConnectionStringBuilder(server.ConnectionString("bench", EmbeddedRole.Owner)) { CommandTimeout = 0, Options = "-c maintenance_work_mem=512MB" };
        var world = new BenchmarkWorld(server, owner.ConnectionString, server.ConnectionString("portal", EmbeddedRole.Owner), keep);
        if (filled)
        {
            await using var former = world.Databases.CreateDbContext();
            former.Database.SetCommandTimeout(TimeSpan.FromHours(1));
            await former.Database.MigrateAsync(cancellationToken);
            return world;
        }

        var watch = Stopwatch.StartNew();
        await using (var db = world.Databases.CreateDbContext())
        {
            db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
            await db.GetService<IMigrator>().MigrateAsync(LastWithoutListIndexes, cancellationToken);
            await world.Databases.ReloadTypesAsync("main", cancellationToken);
            await SampleCrowd.WriteAsync(world.Source, pairings, TimeProvider.System, new Progress<int>(), cancellationToken);
            await Console.Error.WriteLineAsync($"{pairings:N0} pairings after {watch.Elapsed.TotalSeconds:N0} s; now the indexes …");
            await db.Database.MigrateAsync(cancellationToken); // quicker than keeping them while the rows come
        }

        await world.ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
        if (keep)
        {
            await File.WriteAllTextAsync(Path.Combine(server.Home, FilledMark), $"{pairings}", cancellationToken);
        }

        await Console.Error.WriteLineAsync($"Filled in {watch.Elapsed.TotalSeconds:N0} s.");
        return world;
    }

    /// <summary>One more database on the private server, of the owner's; null: there is no private server. It goes with the server.</summary>
    public async Task<string?> NewDatabaseAsync(string name, string? template, CancellationToken cancellationToken)
    {
        if (cluster is null)
        {
            return null;
        }

        await using var connection = new NpgsqlConnection(cluster.ConnectionString("postgres", EmbeddedRole.Superuser));
        await connection.OpenAsync(cancellationToken);
        foreach (var sql in (string[])[$"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name} OWNER portal_owner{(template is null ? "" : $" TEMPLATE {template}")}"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return cluster.ConnectionString(name, EmbeddedRole.Owner);
    }

    /// <summary>Runs bare SQL and reads its answer to the end.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (rows, cells) = (0, new object[64]);
        while (await reader.ReadAsync(cancellationToken))
        {
            reader.GetValues(cells);
            rows++;
        }

        return rows;
    }

    /// <summary>The first row of bare SQL.</summary>
    public async Task<(T1 First, T2 Second)> RowAsync<T1, T2>(string sql, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetFieldValue<T1>(0), reader.GetFieldValue<T2>(1));
    }

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null)
        {
            await (keeps ? cluster.StopAsync(CancellationToken.None) : cluster.RemoveAsync(CancellationToken.None));
        }
    }
}
