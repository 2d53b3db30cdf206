using AdminPortal.Core.Tests.DataLayer;
using AdminPortal.Core.Verification;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>The committed manifest is what the migrations of this build really make, and holds what the guides ask for.</summary>
public sealed class CatalogueManifestTests(PostgresCluster cluster)
{
    private const string RenewVariable = "PORTAL_RENEW_MANIFEST";
    private const string File = "src/AdminPortal.Core/Verification/expected-catalogue.json";

    [Fact]
    public async Task Current_AgainstAMigratedDatabase_IsTheSame()
    {
        await using var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        var steps = new List<(string, DatabaseCatalogue)>();
        foreach (var migration in DataLayer.Contexts.MigrationIds(DataLayer.Contexts.Device))
        {
            await DataLayer.Contexts.MigrateAsync(DataLayer.Contexts.Device, database.OwnerConnectionString, migration);
            await using var connection = await Sql.OpenAsync(database.OwnerConnectionString);
            steps.Add((migration, await CatalogueReader.ReadAsync(connection, TestContext.Current.CancellationToken)));
        }

        var real = CatalogueManifest.From(steps).ToJson();
        if (Environment.GetEnvironmentVariable(RenewVariable) == "1")
            await System.IO.File.WriteAllTextAsync(Path.Combine(Root(), File), real, TestContext.Current.CancellationToken);

        var (wanted, found) = (real.Split('\n'), CatalogueManifest.Current.ToJson().Split('\n'));
        var differences = wanted.Except(found).Select(line => $"the migrations make:   {line}").Concat(found.Except(wanted).Select(line => $"the manifest says: {line}"));
        Assert.True(
            wanted.SequenceEqual(found),
            string.Join('\n', [$"{File} is not what the migrations make. Read the difference; if it is meant, run this test with {RenewVariable}=1 and build again.", .. differences]));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "AdminPortal.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
