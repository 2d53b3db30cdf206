using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>The database that EF Core's own migrator makes, to compare what the portal's runs make with.</summary>
internal static class Reference
{
    /// <summary>Up to a migration, or null: all of them; with the rights of the runtime role as after a run.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresCluster cluster, string? migration = null)
    {
        var token = TestContext.Current.CancellationToken;
        var database = await cluster.CreateEmptyDatabaseAsync(token);
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, migration);
        await using var owner = await Sql.OpenAsync(database.OwnerConnectionString);
        await MigrationSteps.EnsureAsync(owner, token);
        await RuntimeGrants.ApplyAsync(owner, new NpgsqlConnectionStringBuilder(database.RuntimeConnectionString).Username, token);
        return database;
    }
}
