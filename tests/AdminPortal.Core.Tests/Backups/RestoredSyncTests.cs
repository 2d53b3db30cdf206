using System.Text.Json;
using AdminPortal.Core.Backups;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;

namespace AdminPortal.Core.Tests.Backups;

/// <summary>A phone lives through a restored backup: it reads everything again, keeps what it had not sent, and sends it.</summary>
public sealed class RestoredSyncTests(PostgresCluster cluster)
{
    private static readonly SyncCaller Phone = new("u", "device-phone");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_OverTheTarget_MakesDevicesReadEverythingAndKeepsTheirOutbox()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await portal.ExecuteAsync("""INSERT INTO public.users (id, email, name, "updatedAt") VALUES ('u', 'u@example.org', 'U', now())""");
        await portal.Get<SyncRegistration>().RegisterAsync(Phone, new RegistrationRequest("iOS", null, "1.5", 1, null), Token);
        var (kept, lost, unsent) = (Create("kept"), Create("lost"), Create("unsent"));
        await PushAsync(portal, kept);
        var backup = await portal.TakenAsync();
        await PushAsync(portal, lost);
        var cursor = (await PullAsync(portal, null)).Cursor;

        var run = await portal.WorkAsync(await portal.Acts.RestoreAsync(BackupPortal.Admin, backup.Id, new RestoreOrder(null, DropsOld: true), "main", null, Token));

        Assert.Equal((RunState.Done, null), (run.State, run.Error));
        var refused = Assert.IsType<PullOutcome.Refused>(await portal.Get<SyncPull>().PullAsync(Phone, new PullWish(1, cursor, 200), Token));
        Assert.IsType<SyncRefusal.CursorReset>(refused.Reason);
        var first = await PullAsync(portal, null);
        Assert.Equal(["kept"], Titles(first));
        Assert.Equal("applied", (await PushAsync(portal, unsent)).Status);
        Assert.True((await PushAsync(portal, kept)).Replayed); // its answer came with the backup
        Assert.Equal(["kept", "unsent"], Titles(await PullAsync(portal, null)));
        Assert.Equal(["unsent"], Titles(await PullAsync(portal, first.Cursor)));
    }

    private static JsonElement Create(string title) =>
        JsonSerializer.SerializeToElement(new { opId = Ids.New(), entity = "task", op = "create", clientId = Ids.New(), fields = new { title } });

    private static async Task<PushResult> PushAsync(BackupPortal portal, JsonElement op) =>
        Assert.IsType<PushOutcome.Done>(await portal.Get<SyncPush>().PushAsync(Phone, new PushBatch(1, [op]), Token)).Results.Single();

    private static async Task<PullOutcome.Done> PullAsync(BackupPortal portal, string? cursor) =>
        Assert.IsType<PullOutcome.Done>(await portal.Get<SyncPull>().PullAsync(Phone, new PullWish(1, cursor, 200), Token));

    private static IEnumerable<string> Titles(PullOutcome.Done page) => page.Changes.Select(c => c.Fields!["title"]!.GetValue<string>()).Order(StringComparer.Ordinal);
}
