using System.Text.Encodings.Web;
using System.Text.Json;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Testing;
using Npgsql;

namespace AdminPortal.Core.Tests.Migrations;

/// <summary>The committed list of what each migration does to the catalogue, against a database that is migrated step by step.</summary>
public sealed class MigrationEffectsTests(PostgresCluster cluster)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>After a new migration: run it with RENEW=1 in the environment, and read what changed in the file.</summary>
    [Fact]
    public async Task Effects_OfEveryMigration_AreWhatItReallyDoes()
    {
        var effects = await MeasureAsync();
        if (Environment.GetEnvironmentVariable("RENEW") == "1")
            await File.WriteAllTextAsync(FilePath(), JsonSerializer.Serialize(effects, Json) + "\n", Token);
        else
            Assert.Equal(JsonSerializer.Serialize(effects, Json), JsonSerializer.Serialize(MigrationProof.Effects.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary(), Json));
    }

    [Fact]
    public async Task Of_EachMigrationOnTheWayUp_IsBeforeThenAfter()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var connection = new NpgsqlConnection(Contexts.Unpooled(database.OwnerConnectionString));
        await connection.OpenAsync(Token);
        foreach (var script in new MigrationScripts().All)
        {
            Assert.Equal(MigrationTrace.Before, MigrationProof.Of(script.Id, await CatalogueLines.ReadAsync(connection, Token)).Trace);
            await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, script.Id);
            Assert.Equal(MigrationTrace.After, MigrationProof.Of(script.Id, await CatalogueLines.ReadAsync(connection, Token)).Trace);
        }
    }

    private async Task<Dictionary<string, MigrationEffect>> MeasureAsync()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var connection = new NpgsqlConnection(Contexts.Unpooled(database.OwnerConnectionString));
        await connection.OpenAsync(Token);
        var before = await CatalogueLines.ReadAsync(connection, Token);
        var effects = new Dictionary<string, MigrationEffect>();
        foreach (var id in Contexts.MigrationIds(Contexts.Device))
        {
            await Contexts.MigrateAsync(Contexts.Device, database.OwnerConnectionString, id);
            var after = await CatalogueLines.ReadAsync(connection, Token);
            effects[id] = new MigrationEffect([.. after.Except(before).Order(StringComparer.Ordinal)], [.. before.Except(after).Order(StringComparer.Ordinal)]);
            before = after;
        }

        return effects;
    }

    private static string FilePath([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/AdminPortal.Core/Migrations/migration-effects.json"));
}
