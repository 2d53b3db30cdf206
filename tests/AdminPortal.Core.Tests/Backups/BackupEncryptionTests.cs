using System.Security.Cryptography;
using AdminPortal.Core.Backups;
using AdminPortal.Data.Backups;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>Backups that only those can read who have the key.</summary>
public sealed class BackupEncryptionTests(PostgresCluster cluster) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("backup-keys").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Take_WithAKey_IsEncryptedProvenAndRestored()
    {
        var key = NewKey("one");
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeyFile", key));
        await portal.FillAsync(20_000); // several chunks

        var backup = await portal.TakenAsync();

        Assert.Matches("^[0-9a-f]{16}$", backup.KeyId);
        Assert.Equal([backup.FileName], portal.Files());
        var path = Path.Combine(portal.Folder, backup.FileName);
        var file = await File.ReadAllBytesAsync(path, Token);
        Assert.Equal((file.Length, await BackupFolder.ChecksumAsync(path, Token)), (backup.SizeBytes, backup.Sha256));
        Assert.True(file.AsSpan().IndexOf("PGDMP"u8) < 0 && file.AsSpan().IndexOf("device_pairings"u8) < 0);

        var proven = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.Equal((RunState.Done, null), (proven.State, proven.Error));
        Assert.NotNull((await portal.LastAsync())!.RestoredAt);

        var copy = $"{portal.Target.Name}_copy";
        var restored = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(copy), null, null, Token));
        Assert.Equal((RunState.Done, null), (restored.State, restored.Error));
        Assert.Equal(20_000, await portal.ScalarAsync<long>("SELECT count(*) FROM public.bulk", copy));
        await portal.ExecuteAsync($"DROP DATABASE {copy}");
        Assert.Equal([backup.FileName], portal.Files()); // nothing readable was left beside it

        var dump = Path.Combine(folder, "plain.dump");
        Assert.Null(await BackupDecryption.RunAsync(path, key, dump, Token));
        Assert.True((await File.ReadAllBytesAsync(dump, Token)).AsSpan().StartsWith("PGDMP"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(dump));
        Assert.Contains("another key", await BackupDecryption.RunAsync(path, NewKey("other"), dump + "2", Token), StringComparison.Ordinal);
        Assert.False(File.Exists(dump + "2"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_WithoutTheKey_IsRefusedBeforeAnythingIsTouched(bool withAnother)
    {
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeyFile", NewKey("one")));
        var backup = await portal.TakenAsync();
        await portal.ExecuteAsync("CREATE TABLE public.since ()");
        await using var other = withAnother ? portal.Another(("Backups:KeyFile", NewKey("two"))) : portal.Another();

        var proving = Assert.IsType<BackupOutcome.Refused>(await other.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        var restoring = Assert.IsType<BackupOutcome.Refused>(await other.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token));

        Assert.All([proving.Message, restoring.Message], message => Assert.Contains($"the key {backup.KeyId}, which this portal does not have", message, StringComparison.Ordinal));
        // One that was ordered where the key is may be worked on where it is not.
        var started = await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null), "main", null, Token);
        var run = await other.WorkAsync(started);
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains(backup.KeyId!, run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ScalarAsync<long>("SELECT count(*) FROM public.since"));
        Assert.Equal(BackupState.Complete, (await portal.LastAsync())!.State); // the file is as it was
    }

    [Fact]
    public async Task Prove_WithTheKeyOfBefore_Works()
    {
        var old = NewKey("one");
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeyFile", old));
        var backup = await portal.TakenAsync();
        await using var renewed = portal.Another(("Backups:KeyFile", NewKey("two")), ("Backups:OldKeyFiles:0", old));

        var run = await renewed.WorkAsync(await renewed.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        Assert.NotEqual(backup.KeyId, (await renewed.TakenAsync()).KeyId);
    }

    /// <summary>Whoever can write the file and the catalogue still cannot make another backup of it.</summary>
    [Theory]
    [InlineData("cut")]
    [InlineData("altered")]
    public async Task Prove_FileAlteredWithItsChecksum_IsRefused(string how)
    {
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeyFile", NewKey("one")));
        await portal.FillAsync(20_000);
        var backup = await portal.TakenAsync();
        var path = Path.Combine(portal.Folder, backup.FileName);
        var file = await File.ReadAllBytesAsync(path, Token);
        file[^1] ^= 1;
        await File.WriteAllBytesAsync(path, how == "cut" ? file[..(SealedFile.HeadBytes + (2 * (SealedFile.ChunkBytes + SealedFile.TagBytes)))] : file, Token);
        await using (var db = await portal.ContextAsync())
        {
            var (size, sum) = (new FileInfo(path).Length, await BackupFolder.ChecksumAsync(path, Token));
            await db.Backups.Where(b => b.Id == backup.Id).ExecuteUpdateAsync(set => set.SetProperty(b => b.SizeBytes, size).SetProperty(b => b.Sha256, sum), Token);
        }

        var run = await portal.WorkAsync(await portal.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("not as it was written", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE 'adminportal_scratch_{run.Id}%'"));
    }

    [Fact]
    public async Task Settings_ThatNameNoKey_AreRefusedByName()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster, ("Backups:KeyFile", Path.Combine(folder, "missing")));

        var refused = Assert.Throws<OptionsValidationException>(() => portal.Get<IOptions<BackupOptions>>().Value);

        Assert.StartsWith("Backups:KeyFile names", refused.Message, StringComparison.Ordinal);
    }

    private string NewKey(string name)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return path;
    }
}
