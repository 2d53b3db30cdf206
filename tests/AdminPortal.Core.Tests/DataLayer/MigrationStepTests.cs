using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Tests.DataLayer;

/// <summary>Every migration of both contexts goes up, down and up again, on tables with rows in them.</summary>
public sealed class MigrationStepTests(PostgresCluster cluster)
{
    public static TheoryData<string> DeviceMigrations => [.. Contexts.MigrationIds(Contexts.Device)];

    public static TheoryData<string> PortalMigrations => [.. Contexts.MigrationIds(Contexts.Portal)];

    private static readonly string[] Epoch = ["meta"];
    private static readonly string[] Versions = ["dirty", "changes", "heads", "client_ids", "backfill"];

    [Theory]
    [MemberData(nameof(DeviceMigrations))]
    public Task DeviceMigration_DownAndUpAgain_LeavesWhatWasThere(string id) => GoThereAndBackAsync(Contexts.Device, id);

    [Theory]
    [MemberData(nameof(PortalMigrations))]
    public Task PortalMigration_DownAndUpAgain_LeavesWhatWasThere(string id) => GoThereAndBackAsync(Contexts.Portal, id);

    [Fact]
    public async Task DeviceMigrations_DownToZero_LeaveNothingInPublicAndOnlyTheHistoryInPortal()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var untouched = await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "public");
        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, Contexts.MigrationIds(Contexts.Device)[^1]);
        await SampleRows.InsertAsync(database.OwnerConnectionString);

        await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, Contexts.None);

        Assert.Empty(untouched);
        Assert.Empty(await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "public"));
        AssertOnlyHistory(await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "portal"));
    }

    [Fact]
    public async Task PortalMigrations_DownToZero_LeaveOnlyTheHistory()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        await Contexts.MigrateAsync(Contexts.Portal, database.OwnerConnectionString, Contexts.MigrationIds(Contexts.Portal)[^1]);
        await SampleRows.InsertAsync(database.OwnerConnectionString);

        await Contexts.MigrateAsync(Contexts.Portal, database.OwnerConnectionString, Contexts.None);

        Assert.Empty(await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "public"));
        AssertOnlyHistory(await Catalogue.ReadSchemaAsync(database.OwnerConnectionString, "portal"));
    }

    private static void AssertOnlyHistory(IReadOnlyList<string> portal) => Catalogue.AssertEqual(
        [
            "table portal.__EFMigrationsHistory",
            "column portal.__EFMigrationsHistory.MigrationId #1 character varying(150) not null",
            "column portal.__EFMigrationsHistory.ProductVersion #2 character varying(32) not null",
            "constraint portal.__EFMigrationsHistory.PK___EFMigrationsHistory: PRIMARY KEY (\"MigrationId\")",
        ],
        portal);

    private async Task GoThereAndBackAsync(Func<NpgsqlDataSource, DbContext> context, string id)
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var connection = database.OwnerConnectionString;
        var previous = Contexts.MigrationIds(context).TakeWhile(other => other != id).LastOrDefault(Contexts.None);

        await Contexts.MigrateAsync(context, connection, previous);
        await SampleRows.InsertAsync(connection);
        var (schemaBefore, rowsBefore) = (await Catalogue.ReadAsync(connection), await SampleRows.ReadAsync(connection));

        await Contexts.MigrateAsync(context, connection, id);
        await SampleRows.InsertAsync(connection);
        var schemaAfter = await Catalogue.ReadAsync(connection);
        Assert.NotEqual(schemaBefore, schemaAfter);

        await Contexts.MigrateAsync(context, connection, previous);
        Catalogue.AssertEqual(schemaBefore, await Catalogue.ReadAsync(connection));
        Assert.Equal(Kept(id, rowsBefore), Kept(id, await SampleRows.ReadAsync(connection)));

        await Contexts.MigrateAsync(context, connection, id);
        Catalogue.AssertEqual(schemaAfter, await Catalogue.ReadAsync(connection));
    }

    /// <summary>What is not taken back: what waited for a version has one after the filling, and cursors with nonces are void when the nonces go.</summary>
    private static IEnumerable<string> Kept(string id, IEnumerable<string> rows)
    {
        string[] changed = id[15..] switch { "add_sync_protocol_backfill" => Versions, "add_sync_lineage" => Epoch, _ => [] };
        return rows.Where(row => !changed.Any(table => row.StartsWith($"sync.\"{table}\"", StringComparison.Ordinal)));
    }
}
