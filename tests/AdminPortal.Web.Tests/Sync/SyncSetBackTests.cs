using System.Net;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A database that something else than the portal restored: by hand, to a point in time, by promoting a replica that lagged.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncSetBackTests(ApiPortal portal)
{
    private const string BeforeLineage = "add_people_view";
    private static readonly string[] Tables = ["public.tasks", "sync.heads", "sync.changes", "sync.ops", "sync.client_ids", "sync.stamps"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>With as many versions given again as the device has seen, and with more.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Pull_AfterTheDatabaseWasSetBackAndOthersPushed_IsReset(int pushed)
    {
        await using var other = await StartAsync();
        var person = await other.NewPersonAsync();
        var (phone, tablet) = (await SyncPhone.PairAsync(other, person), await SyncPhone.PairAsync(other, person));
        await phone.NewTaskAsync("Before");
        await DumpAsync(other);
        await phone.NewTaskAsync("Gone");
        await phone.NewTaskAsync("Gone, too");
        var (_, cursor) = await phone.PullAllAsync();

        await RestoreAsync(other);
        for (var i = 0; i < pushed; i++)
            await tablet.NewTaskAsync($"After {i}");

        (await phone.PullAsync(cursor)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        Assert.Equal(1 + pushed, (await phone.PullAllAsync()).Changes.Count);
    }

    [Fact]
    public async Task Pull_WithACursorOfAnyMomentBefore_GoesOn()
    {
        var person = await portal.NewPersonAsync();
        var (phone, tablet) = (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
        var cursors = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await tablet.NewTaskAsync();
            cursors.Add((await phone.PullAllAsync()).Cursor);
        }

        for (var i = 0; i < 4; i++)
            Assert.Equal(3 - i, (await phone.PullAllAsync(cursors[i])).Changes.Count);
    }

    [Fact]
    public async Task Keep_OfADatabaseThatWasSetBack_SaysSoUntilSyncIsReset()
    {
        await using var other = await StartAsync();
        var lineage = other.Portal.Services.GetRequiredService<SyncLineage>();
        var phone = await SyncPhone.PairAsync(other, await other.NewPersonAsync());
        await phone.NewTaskAsync();
        await DumpAsync(other);
        await phone.NewTaskAsync();
        var (id, version) = await phone.NewTaskAsync("Written after the dump");
        await phone.PullAllAsync();
        await lineage.KeepAsync(Token);
        var before = await lineage.SetBackAtAsync(Token);

        await RestoreAsync(other);
        await lineage.KeepAsync(Token);
        var noticed = await lineage.SetBackAtAsync(Token);
        var outcome = await lineage.ResetAsync(Actor.CommandLine, target: null, "Restored by hand", Token);
        await lineage.KeepAsync(Token);

        Assert.Null(before);
        Assert.NotNull(noticed);
        Assert.Equal(SyncResetOutcome.Done, outcome);
        Assert.Null(await lineage.SetBackAtAsync(Token));
        Assert.True((await phone.NewTaskAsync()).Version > version, "A version that a device has seen before the restore must not be given again.");
        Assert.NotNull(id);
    }

    [Fact]
    public async Task Keep_AfterThePersonSeenLastWasDeleted_SaysNothing()
    {
        await using var other = await StartAsync();
        var lineage = other.Portal.Services.GetRequiredService<SyncLineage>();
        var person = await other.NewPersonAsync();
        var phone = await SyncPhone.PairAsync(other, person);
        await phone.NewTaskAsync();
        await phone.PullAllAsync();
        await lineage.KeepAsync(Token);

        await using (var owner = await other.OpenOwnerAsync())
            await owner.ExecuteAsync("DELETE FROM sync.stamps; DELETE FROM sync.heads; DELETE FROM public.users");
        await lineage.KeepAsync(Token);

        Assert.Null(await lineage.SetBackAtAsync(Token));
    }

    /// <summary>The database forgets old stamps; a portal that served no pull meanwhile must not take that for a restore.</summary>
    [Fact]
    public async Task Keep_WhenTheVersionSeenLastWasForgottenLater_SaysNothing()
    {
        await using var other = await StartAsync();
        var lineage = other.Portal.Services.GetRequiredService<SyncLineage>();
        var phone = await SyncPhone.PairAsync(other, await other.NewPersonAsync());
        await phone.NewTaskAsync();
        await phone.PullAllAsync();
        await lineage.KeepAsync(Token);
        await phone.NewTaskAsync();
        var another = new SyncLineage(
            other.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(), other.Portal.Services.GetRequiredService<DeviceDatabases>(),
            other.Portal.Services.GetRequiredService<KnownTargets>(), other.Portal.Services.GetRequiredService<AuditLog>()); // of an instance that no device asks
        await another.KeepAsync(Token);

        await using (var owner = await other.OpenOwnerAsync())
            await owner.ExecuteAsync("DELETE FROM sync.stamps");
        await another.KeepAsync(Token);

        Assert.Null(await another.SetBackAtAsync(Token));
    }

    [Fact]
    public async Task Keep_AfterTheMigrationWasRolledBackAndAppliedAgain_SaysNothing()
    {
        await using var other = await StartAsync();
        var lineage = other.Portal.Services.GetRequiredService<SyncLineage>();
        var phone = await SyncPhone.PairAsync(other, await other.NewPersonAsync());
        await phone.NewTaskAsync();
        var (_, cursor) = await phone.PullAllAsync();
        await lineage.KeepAsync(Token);

        await using (var owner = await other.OpenOwnerAsync())
        {
            await using var db = new DeviceDbContext(
                (DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(other.Portal.Services.GetRequiredService<DeviceDatabases>().PrimaryDataSource).Options);
            db.Database.SetDbConnection(owner);
            await db.GetService<IMigrator>().MigrateAsync(BeforeLineage, Token);
            await db.GetService<IMigrator>().MigrateAsync(cancellationToken: Token);
            await owner.ExecuteAsync("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sync TO PUBLIC");
        }

        await lineage.KeepAsync(Token);
        await phone.NewTaskAsync();
        await lineage.KeepAsync(Token);

        Assert.Null(await lineage.SetBackAtAsync(Token));
        (await phone.PullAsync(cursor)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
    }

    [Fact]
    public async Task Reset_BySupport_IsNotAllowed() =>
        Assert.Equal(SyncResetOutcome.NotAllowed, await portal.Portal.Services.GetRequiredService<SyncLineage>().ResetAsync(SyncPhone.Support, target: null, null, Token));

    private async Task<ApiPortal> StartAsync()
    {
        var other = new ApiPortal(portal.Cluster);
        await other.InitializeAsync();
        return other;
    }

    private static async Task DumpAsync(ApiPortal portal)
    {
        await using var owner = await portal.OpenOwnerAsync();
        foreach (var table in Tables)
            await owner.ExecuteAsync($"CREATE TABLE {Dumped(table)} AS TABLE {table}");
    }

    private static async Task RestoreAsync(ApiPortal portal)
    {
        await using var owner = await portal.OpenOwnerAsync();
        await owner.ExecuteAsync("ALTER TABLE public.tasks DISABLE TRIGGER USER");
        foreach (var table in Tables)
            await owner.ExecuteAsync($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {Dumped(table)}; DROP TABLE {Dumped(table)}");
        await owner.ExecuteAsync("ALTER TABLE public.tasks ENABLE TRIGGER USER");
    }

    private static string Dumped(string table) => $"public.dumped_{table.Replace('.', '_')}";
}
