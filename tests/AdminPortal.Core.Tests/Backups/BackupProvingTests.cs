using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>A backup is worth what a restore of it shows.</summary>
public sealed class BackupProvingTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prove_WholeBackup_IsRestoredComparedAndDroppedAgain()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(500);
        var backup = await portal.TakenAsync();

        var run = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.NotNull((await portal.LastAsync())!.RestoredAt);
        var steps = (await portal.Get<RunJournals>().ReadAsync(BackupPortal.Admin, run.Id, Token)).Steps;
        Assert.All(steps, step => Assert.Equal(RunStepState.Done, step.State));
        Assert.Contains("each table with as many", steps[^1].Detail, StringComparison.Ordinal);
        Assert.Equal(0, await ScratchAsync(portal, run.Id));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("altered")]
    [InlineData("gone")]
    public async Task Prove_FileThatIsNotTheOneWritten_IsRefusedAndMarked(string how)
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();
        await SpoilAsync(portal, backup, how);

        var proving = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal(RunState.Failed, proving.State);
        Assert.Contains("is damaged and was not restored", proving.Error, StringComparison.Ordinal);
        var marked = await portal.LastAsync();
        Assert.Equal(BackupState.Damaged, marked!.State);
        Assert.NotNull(marked.Error);
        Assert.IsType<BackupOutcome.Refused>(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder("elsewhere"), null, null, Token));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("altered")]
    public async Task Restore_FileThatIsNotTheOneWritten_ChangesNothing(string how)
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();
        await SpoilAsync(portal, backup, how);
        await portal.ExecuteAsync("CREATE TABLE public.since ()");

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));

        Assert.Equal(RunState.Failed, run.State);
        Assert.True(await portal.ScalarAsync<bool>("SELECT to_regclass('public.since') IS NOT NULL"));
        Assert.Equal(0, await ScratchAsync(portal, run.Id));
    }

    [Fact]
    public async Task Prove_RowsThatDiffer_FailsAndNamesTheTable()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(10);
        var backup = await portal.TakenAsync();
        await using (var db = await portal.ContextAsync())
        {
            var row = await db.Backups.SingleAsync(b => b.Id == backup.Id, Token);
            row.Rows = row.Rows!.Replace("\"public.bulk\": 10", "\"public.bulk\": 11", StringComparison.Ordinal);
            await db.SaveChangesAsync(Token);
        }

        var run = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("public.bulk: 11 expected, 10", run.Error, StringComparison.Ordinal);
        Assert.Null((await portal.LastAsync())!.RestoredAt);
        Assert.Equal(0, await ScratchAsync(portal, run.Id));
    }

    [Fact]
    public async Task Prove_OwnerMayNotCreateDatabases_SaysWhatToGrant()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var backup = await portal.TakenAsync();
        await using var poor = portal.Another(("Portal:Targets:main:OwnerConnectionString", portal.Target.RuntimeConnectionString));

        var run = await poor.WorkAsync(await poor.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("may not create databases", run.Error, StringComparison.Ordinal);
        Assert.Contains("CREATEDB", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DropLeftovers_OfRunsThatEnded_AreDroppedAndOfOthersNot()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var (ended, _) = await portal.TakeAsync();
        var open = Assert.IsType<BackupOutcome.Started>(await portal.Acts.TakeAsync(BackupPortal.Admin, "main", null, Token)).RunId;
        var (left, used, foreign) = (ScratchDatabases.NewName(ended.Id), ScratchDatabases.NewName(open), ScratchDatabases.NewName("0123456789abcdef0123456789abcdef"));
        foreach (var name in new[] { left, used, foreign })
            await portal.ExecuteAsync($"CREATE DATABASE {name}", "postgres");

        Assert.Equal(1, await portal.Get<ScratchDatabases>().DropLeftoversAsync("main", Token));

        Assert.Equal((0, 1), (await ScratchAsync(portal, ended.Id), await ScratchAsync(portal, open)));
        Assert.Equal(1, await ScratchAsync(portal, "0123456789abcdef0123456789abcdef"));
        await portal.ExecuteAsync($"DROP DATABASE {used}", "postgres");
        await portal.ExecuteAsync($"DROP DATABASE {foreign}", "postgres");
    }

    private static Task<long> ScratchAsync(BackupPortal portal, string runId) =>
        portal.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE 'adminportal\\_scratch\\_{runId}%'", "postgres");

    private static async Task SpoilAsync(BackupPortal portal, BackupRow backup, string how)
    {
        var path = Path.Combine(portal.Folder, backup.FileName);
        if (how == "gone")
        {
            File.Delete(path);
            return;
        }

        await using var file = new FileStream(path, FileMode.Open);
        if (how == "cut")
        {
            file.SetLength(file.Length - 1000);
            return;
        }

        file.Position = file.Length / 2;
        var before = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(before ^ 1));
    }
}
