using AdminPortal.Core.Activity;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Runs;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>What is kept, for how long, by whom it is seen, and what the daily job finds.</summary>
public sealed class BackupRetentionTests(PostgresCluster cluster)
{
    private static readonly Actor Support = new("support", "Support", AccountRole.Support, null, null);
    private static readonly Actor User = new("user", "User", AccountRole.User, "u", null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ManyBackups_RemovesOnlyWhatNobodyNeeds()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeepCount", "2"), ("Backups:KeepDays", "30"));
        string[] names = ["newest", "second", "young", "old", "kept", "proven", "older-proven"];
        int[] days = [1, 2, 20, 40, 50, 60, 70];
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            await AddAsync(portal, name, days[i], b => (b.IsKept, b.RestoredAt) = (name == "kept", name.EndsWith("proven", StringComparison.Ordinal) ? b.StartedAt : null));
        }

        await JobAsync(portal);

        await using var db = await portal.ContextAsync();
        Assert.Equal(["old", "older-proven"], await db.Backups.Where(b => b.State == BackupState.Removed).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(Token));
        Assert.Equal(5, portal.Files().Count);
        Assert.Equal("AdminPortal", await db.Backups.Where(b => b.Id == "old").Select(b => b.RemovedBy).SingleAsync(Token));
    }

    [Fact]
    public async Task Job_MissingAndAlteredFiles_AreMarkedAndToldOf()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await AddAsync(portal, "whole", 1);
        await AddAsync(portal, "missing", 1);
        await AddAsync(portal, "altered", 1);
        File.Delete(Path.Combine(portal.Folder, "missing.dump"));
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "altered.dump"), "CONTENT", Token);

        var told = await JobAsync(portal);

        await using var db = await portal.ContextAsync();
        Assert.Equal(["altered", "missing"], await db.Backups.Where(b => b.State == BackupState.Damaged).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(Token));
        Assert.Contains("2 damaged or missing", told.Message, StringComparison.Ordinal);
        Assert.NotNull(await db.Backups.Where(b => b.Id == "whole").Select(b => b.ListedAt).SingleAsync(Token));
    }

    [Fact]
    public async Task Job_DamagedFileThatIsBack_IsWholeAgain()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await AddAsync(portal, "away", 1);
        var path = Path.Combine(portal.Folder, "away.dump");
        File.Move(path, path + ".elsewhere");
        await JobAsync(portal);
        Assert.Equal(BackupState.Damaged, (await portal.LastAsync())!.State);

        File.Move(path + ".elsewhere", path);
        await JobAsync(portal);

        Assert.Equal((BackupState.Complete, null), ((await portal.LastAsync())!.State, (await portal.LastAsync())!.Error));
    }

    [Fact]
    public async Task Job_BackupInAFolderOfAnotherMachine_IsLeftAloneAndNotTouched()
    {
        await using var there = await BackupPortal.CreateAsync(cluster);
        var backup = await there.TakenAsync();
        await using var here = there.Another(("Backups:Folder", Directory.CreateTempSubdirectory("adminportal-backups-").FullName));

        var told = await JobAsync(here);

        Assert.Contains("1 lie on other machines", told.Message, StringComparison.Ordinal);
        var proof = await here.WorkAsync(await here.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.Equal(RunState.Failed, proof.State);
        Assert.Contains($"Its file lies on {Environment.MachineName}", proof.Error, StringComparison.Ordinal);
        Assert.Contains("lies on", Assert.IsType<BackupDownload.NotFound>(await here.Get<BackupDownloads>().OpenAsync(BackupPortal.Admin, backup.Id, Token)).Problem, StringComparison.Ordinal);
        Assert.IsType<BackupOutcome.Refused>(await here.Acts.RemoveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.Equal(BackupState.Complete, (await there.LastAsync())!.State);
        Assert.Equal([backup.FileName], there.Files());
    }

    [Fact]
    public async Task NightlyJob_BacksUpWhatThePortalIsDeployedOn()
    {
        await using var fresh = await cluster.CreateEmptyDatabaseAsync(Token);
        await using var portal = await BackupPortal.CreateAsync(
            cluster, ("Portal:Targets:fresh:ConnectionString", fresh.RuntimeConnectionString), ("Portal:Targets:out:ConnectionString", fresh.RuntimeConnectionString), ("Portal:Targets:out:NightlyBackup", "false"));

        var told = await portal.Get<IEnumerable<IPortalJob>>().Single(job => job.Name == JobNames.NightlyBackups).RunAsync(Token);

        Assert.Contains("1 backup started", told.Message, StringComparison.Ordinal);
        Assert.Contains("Left out: fresh (the portal is not deployed on it).", told.Message, StringComparison.Ordinal);
        await using var db = await portal.ContextAsync();
        var run = await db.OperationRuns.AsNoTracking().SingleAsync(Token);
        Assert.Equal(("main", "portal"), (run.Target, run.ActorId));
        await portal.Get<RunHere>().WorkAsync(run.Id, Token);
        Assert.Equal(BackupState.Complete, (await portal.LastAsync())!.State);
    }

    [Fact]
    public async Task Job_FilesOfOthers_AreLeftAlone()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "mine.dump.partial"), "mine", Token);

        await JobAsync(portal);

        Assert.Equal(["mine.dump.partial"], portal.Files());
    }

    [Fact]
    public async Task Acts_ByOthersThanAdmins_AreRefused()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await AddAsync(portal, "b", 1);
        foreach (var actor in new[] { Support, User, Actor.Anonymous(null) })
        {
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.TakeAsync(actor, "main", null, Token));
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.ProveAsync(actor, "b", null, Token));
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.RestoreAsync(actor, "b", new RestoreOrder("x"), null, null, Token));
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.RestoreAsync(actor, "b", new RestoreOrder(null), "main", null, Token));
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.KeepAsync(actor, "b", true, Token));
            Assert.IsType<BackupOutcome.NotAllowed>(await portal.Acts.RemoveAsync(actor, "b", null, Token));
            Assert.IsType<BackupDownload.NotAllowed>(await portal.Get<BackupDownloads>().OpenAsync(actor, "b", Token));
        }

        var list = portal.Get<BackupList>();
        Assert.Single(Assert.Single(await list.ListAsync(Support, all: false, Token)).Backups);
        Assert.NotNull(await list.FindAsync(Support, "b", Token));
        Assert.Empty(await list.ListAsync(User, all: true, Token));
        Assert.Null(await list.FindAsync(User, "b", Token));
        Assert.Null(await portal.Get<RestoreImpacts>().AskAsync(User, "b", Token));
    }

    [Fact]
    public async Task RemoveAndKeep_ByAnAdmin_AreOnRecord()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await AddAsync(portal, "b", 1);

        Assert.IsType<BackupOutcome.Done>(await portal.Acts.KeepAsync(BackupPortal.Admin, "b", true, Token));
        Assert.IsType<BackupOutcome.Refused>(await portal.Acts.RemoveAsync(BackupPortal.Admin, "b", null, Token));
        Assert.IsType<BackupOutcome.Done>(await portal.Acts.KeepAsync(BackupPortal.Admin, "b", false, Token));
        Assert.IsType<BackupOutcome.Done>(await portal.Acts.RemoveAsync(BackupPortal.Admin, "b", "no longer needed", Token));
        Assert.IsType<BackupOutcome.NotFound>(await portal.Acts.RemoveAsync(BackupPortal.Admin, "b", null, Token));

        Assert.Empty(portal.Files());
        await using var db = await portal.ContextAsync();
        Assert.Equal(["backup.kept", "backup.released", "backup.removed"], await db.AuditEvents.Where(e => e.Subject == "b.dump").OrderBy(e => e.Id).Select(e => e.Action).ToListAsync(Token));
    }

    [Fact]
    public async Task Download_ByAnAdmin_IsTheFileAndOnRecord()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await AddAsync(portal, "b", 1);

        var ready = Assert.IsType<BackupDownload.Ready>(await portal.Get<BackupDownloads>().OpenAsync(BackupPortal.Admin, "b", Token));

        await using (ready.File)
        {
            using var reader = new StreamReader(ready.File);
            Assert.Equal(("b.dump", "content"), (ready.FileName, await reader.ReadToEndAsync(Token)));
        }

        await using var db = await portal.ContextAsync();
        Assert.Equal(1, await db.AuditEvents.CountAsync(e => e.Action == "backup.downloaded" && e.Subject == "b.dump", Token));
    }

    private static Task<JobResult> JobAsync(BackupPortal portal) => portal.Get<IEnumerable<IPortalJob>>().Single(job => job.Name == JobNames.Backups).RunAsync(Token);

    private static async Task AddAsync(BackupPortal portal, string id, int daysAgo, Action<Backup>? change = null)
    {
        var path = Path.Combine(portal.Folder, $"{id}.dump");
        await File.WriteAllTextAsync(path, "content", Token);
        var backup = new Backup
        {
            Id = id,
            Target = "main",
            Identity = "1/main",
            RunId = Ids.New(),
            FileName = $"{id}.dump",
            ServerVersion = "15",
            State = BackupState.Complete,
            StartedAt = TimeProvider.System.GetUtcNow().AddDays(-daysAgo),
            SizeBytes = 7,
            Sha256 = await BackupFolder.ChecksumAsync(path, Token),
        };
        change?.Invoke(backup);
        await using var db = await portal.ContextAsync();
        db.Backups.Add(backup);
        await db.SaveChangesAsync(Token);
    }
}
