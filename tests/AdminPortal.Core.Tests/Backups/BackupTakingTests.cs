using AdminPortal.Core.Backups;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>There is a file of a backup's name only when it is whole.</summary>
public sealed class BackupTakingTests(PostgresCluster cluster)
{
    private const int ManyRows = 300_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_OfATarget_IsACompleteFileWithItsFacts()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(1000);

        var (run, backup) = await portal.TakeAsync();

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.Equal(BackupState.Complete, backup!.State);
        Assert.Equal([backup.FileName], portal.Files());
        var path = Path.Combine(portal.Folder, backup.FileName);
        Assert.Equal((new FileInfo(path).Length, await BackupFolder.ChecksumAsync(path, Token)), (backup.SizeBytes, backup.Sha256));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(1000, backup.Counts["public.bulk"]);
        Assert.Equal(0, backup.Counts["public.device_pairings"]);
        Assert.NotNull(backup.ListedAt);
        Assert.EndsWith($"/{portal.Target.Name}", backup.Identity, StringComparison.Ordinal);
        Assert.NotNull(backup.MigratedTo);
        Assert.NotEmpty(backup.ServerVersion);
        var steps = await portal.Get<RunJournals>().ReadAsync(BackupPortal.Admin, run.Id, Token);
        Assert.Equal(RunStepState.Done, Assert.Single(steps.Steps).State);
    }

    [Fact]
    public async Task Take_ConnectionKilledInTheMiddle_FailsInWordsAndLeavesNoFile()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(ManyRows);
        var taking = portal.TakeAsync();
        await portal.UntilWrittenAsync(200_000);

        await portal.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{portal.Target.Name}' AND application_name = 'AdminPortal backups'");

        var (run, backup) = await taking;
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("connection to the database was lost", run.Error, StringComparison.Ordinal);
        Assert.Equal(BackupState.Failed, backup!.State);
        Assert.Contains("connection to the database was lost", backup.Error, StringComparison.Ordinal);
        Assert.Empty(portal.Files());
    }

    [Fact]
    public async Task Take_StoppedInTheMiddle_LeavesNoFileAndNoDump()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.FillAsync(ManyRows);
        using var stop = new CancellationTokenSource();
        var taking = portal.TakeUntilAsync(stop.Token);
        await portal.UntilWrittenAsync(200_000);

        await stop.CancelAsync();

        var (run, backup) = await taking;
        Assert.Equal(RunState.Stopped, run.State);
        Assert.Equal((BackupState.Failed, "Stopped by a person."), (backup!.State, backup.Error));
        Assert.Empty(portal.Files());
        await BackupPortal.UntilAsync(async () => await portal.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{portal.Target.Name}' AND application_name = 'AdminPortal backups'") == 0);
    }

    [Fact]
    public async Task Take_DiskFull_FailsInWordsAndLeavesNoFile()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        var small = Directory.CreateTempSubdirectory("adminportal-small-").FullName;
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await using var onSmallDisk = portal.Another(("Backups:Folder", small));
        await portal.FillAsync(ManyRows);
        Assert.Equal(0, (await ToolProcess.AskAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small], Token)).ExitCode);
        try
        {
            var (run, backup) = await onSmallDisk.TakeAsync();

            Assert.Equal(RunState.Failed, run.State);
            Assert.Contains("is full", run.Error, StringComparison.Ordinal);
            Assert.Equal(BackupState.Failed, backup!.State);
            Assert.Null(backup.Sha256);
            Assert.DoesNotContain(Directory.GetFiles(small), file => file.Contains(backup.FileName, StringComparison.Ordinal));
        }
        finally
        {
            await ToolProcess.AskAsync("umount", [small], CancellationToken.None);
            Directory.Delete(small, recursive: true);
        }
    }

    [Fact]
    public async Task Take_TablesLocked_FailsAfterItsPatience()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:LockSeconds", "1"));
        await using var connection = new Npgsql.NpgsqlConnection(portal.Target.OwnerConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE", connection, transaction))
            await command.ExecuteNonQueryAsync(Token);

        var (run, backup) = await portal.TakeAsync();

        Assert.Contains("holds a lock", run.Error, StringComparison.Ordinal);
        Assert.Equal(BackupState.Failed, backup!.State);
        Assert.Empty(portal.Files());
    }

    [Fact]
    public async Task Take_RowsThatAPolicyHides_FailsRatherThanLeavesThemOut()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.ExecuteAsync("ALTER TABLE public.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");

        var (run, backup) = await portal.TakeAsync();

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("row-level security", backup!.Error, StringComparison.Ordinal);
        Assert.Empty(portal.Files());
    }

    [Fact]
    public async Task Take_OnlyOlderTools_FailsAndNamesTheWayOut()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        using var old = new FakeTools("9.6.24");
        await using var with = portal.Another(("Backups:ToolsFolder", old.Folder));

        var (run, backup) = await with.TakeAsync();

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("there is only 9.6.24", backup!.Error, StringComparison.Ordinal);
        Assert.Contains("Backups__ToolsFolder", backup.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_TargetAway_FailsAtOnceWithARow()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var nowhere = new Npgsql.NpgsqlConnectionStringBuilder(portal.Target.OwnerConnectionString) { Database = "no_such_database" };
        await using var away = portal.Another(("Portal:Targets:main:OwnerConnectionString", nowhere.ConnectionString));

        var (run, backup) = await away.TakeAsync();

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("has no database of this name", backup!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_AfterItsProcessWasKilled_CleansUpAndStartsAfresh()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var outcome = Assert.IsType<BackupOutcome.Started>(await portal.Acts.TakeAsync(BackupPortal.Admin, "main", null, Token));
        var dead = await portal.Get<BackupRecords>().BeginAsync("main", outcome.RunId, "main-dead.dump", Token);
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "main-dead.dump.partial"), "half", Token);

        var run = await portal.WorkAsync(outcome);

        Assert.Equal(RunState.Done, run.State);
        var backup = await portal.LastAsync();
        Assert.Equal([backup!.FileName], portal.Files());
        await using var db = await portal.ContextAsync();
        Assert.Equal(BackupState.Failed, await db.Backups.Where(b => b.Id == dead.Id).Select(b => b.State).SingleAsync(Token));
    }

    [Fact]
    public async Task Reconcile_TakingRowOfARunThatHasEnded_IsFailedAndItsFileGone()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var records = portal.Get<BackupRecords>();
        await records.BeginAsync("main", "a-run-that-is-gone", "main-gone.dump", Token);
        await File.WriteAllTextAsync(Path.Combine(portal.Folder, "main-gone.dump.partial"), "half", Token);

        Assert.Equal(1, await records.ReconcileAsync(Token));

        Assert.Equal(BackupState.Failed, (await portal.LastAsync())!.State);
        Assert.Empty(portal.Files());
    }

    [Fact]
    public async Task Take_TwiceAtOnce_TheSecondIsToldOfTheFirst()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        var first = Assert.IsType<BackupOutcome.Started>(await portal.Acts.TakeAsync(BackupPortal.Admin, "MAIN", null, Token));

        Assert.Equal(new BackupOutcome.Busy(first.RunId), await portal.Acts.TakeAsync(BackupPortal.Admin, "main", null, Token));

        await portal.WorkAsync(first);
    }
}
