using AdminPortal.Core.Verification;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>Databases that Prisma or a person made from the guides.</summary>
public sealed class OtherMakersTests(PostgresCluster cluster)
{
    private static readonly string[] GuidesMigrations = ["baseline", "add_device_pairing_models", "add_mobile_sync_support", "add_mobile_sync_support_tasks_client_id",
        "add_mobile_sync_support_focus_sessions_client_id", "add_mobile_sync_support_users_last_synced_at"];

    [Fact]
    public async Task RunAsync_MadeByPrisma_HasEverythingOfTheGuidesAndNoHistory()
    {
        await using var world = await CreateAsync(GuidesSql.Host + GuidesSql.Prisma);

        var result = await world.RunAsync();

        Assert.Contains("adopt the database", result.Checks.Single(c => c.Id == "history").Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(OfTheGuides(result), p => !p.Contains(" roles:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_MadeFromTheGuidesPreview_NamesTheColumnsThatPrismaCannotUse()
    {
        await using var world = await CreateAsync(GuidesSql.Host + GuidesSql.Preview);

        var columns = (await world.RunAsync()).Checks.Single(c => c.Id == "columns");

        Assert.Contains(columns.Findings, f => f is { Subject: "public.device_pairings.deviceType", Expected: "public.\"DeviceType\", not null", Actual: "text, not null" });
        Assert.Contains(columns.Findings, f => f is { Subject: "public.device_permissions.permission", Actual: "text, not null" });
        Assert.Contains(columns.Findings, f => f.Subject == "public.device_pairings.expiresAt"); // finer than Prisma's milliseconds
        Assert.Contains(columns.Findings, f => f is { Severity: CheckSeverity.Info, Subject: "public.users.passwordHash" }); // the host's own
    }

    [Fact]
    public async Task Manifest_AgainstAHostWithPrismasTables_IsTheirsInPublic()
    {
        await using var world = await CreateAsync(GuidesSql.Host + GuidesSql.Prisma);
        await using var connection = await DataLayer.Sql.OpenAsync(world.Database.OwnerConnectionString);
        var real = await CatalogueReader.ReadAsync(connection, TestContext.Current.CancellationToken);

        var expected = CatalogueManifest.Current.At([.. CatalogueManifest.Current.Migrations.Where(id => GuidesMigrations.Contains(TargetHistory.NameOf(id)))]);

        Assert.Equal(
            expected.Objects.Where(o => o.Schema == "public").Select(Line).Order(StringComparer.Ordinal),
            real.Objects.Where(o => o is { Schema: "public", Name: not "passwordHash" }).Select(Line).Order(StringComparer.Ordinal));
    }

    private static string Line(CatalogueObject o) => $"{o.Key}: {string.Join(", ", o.Facts.Select(f => $"{f.Key} {f.Value}"))}";

    private async Task<VerificationWorld> CreateAsync(string sql)
    {
        var database = await cluster.CreateEmptyDatabaseAsync(TestContext.Current.CancellationToken);
        await DataLayer.Sql.ExecuteAsync(database.OwnerConnectionString, sql);
        return await VerificationWorld.CreateAsync(cluster, database);
    }

    /// <summary>Findings about what the guides' migrations make; what the portal adds beside it is pending.</summary>
    private static IEnumerable<string> OfTheGuides(VerificationResult result)
    {
        var theirs = CatalogueManifest.Current.Objects.Where(o => GuidesMigrations.Contains(TargetHistory.NameOf(o.Since))).Select(o => o.Entry.Title).ToHashSet();
        return VerificationWorld.Problems(result).Where(p => theirs.Contains(p[(p.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }
}
