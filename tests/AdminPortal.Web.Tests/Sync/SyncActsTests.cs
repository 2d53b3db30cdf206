using System.Text.Json;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What people do to the sync of a device, by role, on histories made over the API.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncActsTests(ApiPortal portal)
{
    private static readonly Actor Admin = new("admin", "Ada", AccountRole.Admin, null, null);
    private static readonly Actor Support = new("support", "Sam", AccountRole.Support, null, null);

    private SyncActs Acts => portal.Portal.Services.GetRequiredService<SyncActs>();

    private SyncDetails Details => portal.Portal.Services.GetRequiredService<SyncDetails>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_OfALosingValue_WritesItBackAsANewVersionForEveryDevice()
    {
        var (phone, tablet, id) = await ConflictAsync();
        var conflict = await OpenConflictAsync(tablet);
        Assert.Equal((true, true), (conflict.Lost, conflict.Words is null));

        Assert.IsType<SyncActOutcome.Done>(await Acts.RestoreAsync(Admin, conflict.Id, Token));

        Assert.Equal("The tablet's", await phone.ScalarAsync<string>("SELECT title FROM public.tasks WHERE id = $1", id));
        var (changes, _) = await phone.PullAllAsync();
        var task = Assert.Single(changes);
        Assert.Equal(("The tablet's", 4L), (task.GetProperty("fields").GetProperty("title").GetString(), task.GetProperty("version").GetInt64()));
        Assert.Equal(1L, await EventsAsync(phone, DeviceEventKind.ConflictRestored));
        Assert.False((await StandingAsync(tablet)).Is(SyncVerdict.Rejected));
    }

    [Fact]
    public async Task Restore_WhenTheFieldChangedAgain_IsRefusedAndSaysSo()
    {
        var (phone, tablet, id) = await ConflictAsync();
        await phone.ExecuteAsync("UPDATE public.tasks SET title = 'By the service' WHERE id = $1", id);

        var outcome = await Acts.RestoreAsync(Admin, (await OpenConflictAsync(tablet)).Id, Token);

        Assert.Equal(["title"], Assert.IsType<SyncActOutcome.ChangedSince>(outcome).Fields);
        Assert.Equal("By the service", await phone.ScalarAsync<string>("SELECT title FROM public.tasks WHERE id = $1", id));
    }

    [Fact]
    public async Task Restore_WhenAnotherFieldChangedSince_LeavesThatAlone()
    {
        var (phone, tablet, id) = await ConflictAsync();
        await phone.ExecuteAsync("UPDATE public.tasks SET notes = 'New' WHERE id = $1", id);

        Assert.IsType<SyncActOutcome.Done>(await Acts.RestoreAsync(Admin, (await OpenConflictAsync(tablet)).Id, Token));

        Assert.Equal("The tablet's/New", await phone.ScalarAsync<string>("SELECT title || '/' || notes FROM public.tasks WHERE id = $1", id));
    }

    [Fact]
    public async Task Restore_OfATaskThatWasDeleted_MakesItAgainUnderItsId()
    {
        var (phone, tablet) = await PairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Delete(id, version));
        await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Too late" }));
        var (_, cursor) = await tablet.PullAllAsync();

        Assert.IsType<SyncActOutcome.Done>(await Acts.RestoreAsync(Admin, (await OpenConflictAsync(phone)).Id, Token));

        var (changes, _) = await tablet.PullAllAsync(cursor);
        var task = Assert.Single(changes);
        Assert.Equal((id, false, "Too late"), (PairingCalls.Text(task, "id"), task.GetProperty("deleted").GetBoolean(), task.GetProperty("fields").GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Restore_OfADeletedTaskOfWhichTooLittleIsKept_IsRefused()
    {
        var (phone, tablet) = await PairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Delete(id, version));
        await phone.PushedAsync(SyncPhone.Update(id, version, new { notes = "Only notes" }));

        Assert.IsType<SyncActOutcome.RowIsGone>(await Acts.RestoreAsync(Admin, (await OpenConflictAsync(phone)).Id, Token));
    }

    [Fact]
    public async Task Restore_ByTwoAtOnce_IsDoneOnceAndTheSecondIsTold()
    {
        var (_, tablet, _) = await ConflictAsync();
        var id = (await OpenConflictAsync(tablet)).Id;

        var outcomes = await Task.WhenAll(Acts.RestoreAsync(Admin, id, Token), Acts.RestoreAsync(Own(tablet), id, Token));

        Assert.Single(outcomes.OfType<SyncActOutcome.Done>());
        Assert.Equal("restored", Assert.Single(outcomes.OfType<SyncActOutcome.AlreadyDone>()).How);
        Assert.Equal(1L, await EventsAsync(tablet, DeviceEventKind.ConflictRestored));
    }

    [Fact]
    public async Task Retry_OfWhatFailedForItsTask_IsAppliedOnceTheTaskIsThere()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var session = await RefusedSessionAsync(phone, "c-late-task");
        await phone.PushedAsync(SyncPhone.Create("c-late-task", "Late"));

        var outcomes = await Task.WhenAll(Acts.RetryAsync(Admin, session, Token), Acts.RetryAsync(Own(phone), session, Token));

        Assert.Single(outcomes.OfType<SyncActOutcome.Done>());
        Assert.Equal("retried", Assert.Single(outcomes.OfType<SyncActOutcome.AlreadyDone>()).How);
        Assert.Equal(1L, await phone.ScalarAsync<long>("SELECT count(*) FROM public.focus_sessions WHERE \"userId\" = $1", phone.Person.Id));
        Assert.Equal(1L, await EventsAsync(phone, DeviceEventKind.RejectionRetried));
    }

    [Fact]
    public async Task Retry_OfWhatIsStillWrong_SaysSoAndStaysOpen()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var session = await RefusedSessionAsync(phone, "c-never");

        var refused = Assert.IsType<SyncActOutcome.StillRefused>(await Acts.RetryAsync(Admin, session, Token));

        Assert.Equal("dependency-missing", refused.Problem);
        Assert.Single((await DetailAsync(Admin, phone)).Rejections, r => r.Closed is null);
        Assert.Equal(0L, await EventsAsync(phone, DeviceEventKind.RejectionRetried));
    }

    [Fact]
    public async Task Dismiss_OfBothKinds_ClosesThemWithNameAndHistory_AndTheSecondIsTold()
    {
        var (phone, tablet, _) = await ConflictAsync();
        var (conflict, rejection) = ((await OpenConflictAsync(tablet)).Id, await RefusedSessionAsync(phone, "c-none"));

        Assert.IsType<SyncActOutcome.Done>(await Acts.DismissConflictAsync(Admin, conflict, Token));
        Assert.IsType<SyncActOutcome.Done>(await Acts.DismissRejectionAsync(Own(phone), rejection, Token));

        Assert.Equal("Ada", Assert.IsType<SyncActOutcome.AlreadyDone>(await Acts.DismissConflictAsync(Own(phone), conflict, Token)).By);
        Assert.IsType<SyncActOutcome.AlreadyDone>(await Acts.DismissRejectionAsync(Admin, rejection, Token));
        Assert.Equal(2L, await EventsAsync(phone, DeviceEventKind.SyncDismissed));
        Assert.False((await StandingAsync(phone)).Is(SyncVerdict.Rejected));
    }

    [Fact]
    public async Task Resync_RequestedBySupport_ResetsTheNextPull_AndIsToldTheSecondTime()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (_, cursor) = await phone.PullAllAsync();

        Assert.IsType<SyncActOutcome.Done>(await Acts.RequestResyncAsync(Support, phone.DeviceId, Token));

        Assert.Equal("Sam", Assert.IsType<SyncActOutcome.AlreadyDone>(await Acts.RequestResyncAsync(Admin, phone.DeviceId, Token)).By);
        (await phone.PullAsync(cursor)).IsProblem(System.Net.HttpStatusCode.Conflict, "cursor-reset");
        await phone.PullAllAsync();
        Assert.Null((await StandingAsync(phone)).ResyncRequestedAt);
        Assert.Equal(1L, await EventsAsync(phone, DeviceEventKind.ResyncRequested));
    }

    [Fact]
    public async Task Resync_TakenBackBeforeItBegan_LeavesTheCursorAlone()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (_, cursor) = await phone.PullAllAsync();
        Assert.IsType<SyncActOutcome.Done>(await Acts.RequestResyncAsync(Support, phone.DeviceId, Token));

        Assert.IsType<SyncActOutcome.Done>(await Acts.TakeBackResyncAsync(Support, phone.DeviceId, Token));

        Assert.Null((await StandingAsync(phone)).ResyncRequestedAt);
        (await phone.PullAsync(cursor)).Data();
        Assert.IsType<SyncActOutcome.AlreadyDone>(await Acts.TakeBackResyncAsync(Support, phone.DeviceId, Token));
        Assert.Equal(1L, await EventsAsync(phone, DeviceEventKind.ResyncTakenBack));
    }

    [Fact]
    public async Task PushToken_ClearedBySupport_IsGone()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        Assert.IsType<SyncActOutcome.Done>(await Acts.ClearPushTokenAsync(Support, phone.DeviceId, Token));

        Assert.IsType<SyncActOutcome.AlreadyDone>(await Acts.ClearPushTokenAsync(Support, phone.DeviceId, Token));
        Assert.Equal((false, null), ((await StandingAsync(phone)).HasPushToken, (await StandingAsync(phone)).PushTokenAt));
        Assert.Equal(1L, await EventsAsync(phone, DeviceEventKind.PushTokenCleared));
    }

    /// <summary>Support may not decide about a person's words; another person does not even learn that there is something.</summary>
    [Fact]
    public async Task EveryAct_ByThoseWhoMayNot_IsRefusedInTheService()
    {
        var (phone, tablet, _) = await ConflictAsync();
        var (conflict, rejection) = ((await OpenConflictAsync(tablet)).Id, await RefusedSessionAsync(phone, "c-no"));
        var stranger = new Actor("other", "Ben", AccountRole.User, (await portal.NewPersonAsync()).Id, null);
        var device = new Actor($"device:{phone.DeviceId}", null, null, phone.Person.Id, null);

        foreach (var act in (Func<Actor, Task<SyncActOutcome>>[])[
            a => Acts.RestoreAsync(a, conflict, Token), a => Acts.DismissConflictAsync(a, conflict, Token), a => Acts.RetryAsync(a, rejection, Token), a => Acts.DismissRejectionAsync(a, rejection, Token)])
        {
            Assert.IsType<SyncActOutcome.NotAllowed>(await act(Support));
            Assert.IsType<SyncActOutcome.NotFound>(await act(stranger));
            Assert.IsType<SyncActOutcome.NotFound>(await act(device));
        }

        foreach (var actor in (Actor[])[stranger, device])
        {
            Assert.IsType<SyncActOutcome.NotFound>(await Acts.RequestResyncAsync(actor, phone.DeviceId, Token));
            Assert.IsType<SyncActOutcome.NotFound>(await Acts.ClearPushTokenAsync(actor, phone.DeviceId, Token));
            Assert.Null(await Details.FindAsync(actor, phone.DeviceId, Token));
            Assert.Null(await portal.Portal.Services.GetRequiredService<SyncTraces>().FindAsync(actor, phone.Person.Id, "c-no", Token));
        }

        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.conflicts WHERE closed IS NOT NULL AND \"userId\" = $1", phone.Person.Id));
    }

    [Fact]
    public async Task Bundle_HoldsNoWordNameAddressOrToken()
    {
        var (phone, tablet, _) = await ConflictAsync();
        await RefusedSessionAsync(phone, "c-bundle");
        await tablet.PushedAsync(new { opId = SyncPhone.NewId("op"), entity = "task", op = "create", clientId = SyncPhone.NewId("c"), fields = new { title = "", ownWords = 1 } });

        foreach (var reader in (Actor[])[Support, Own(phone)])
            foreach (var device in (SyncPhone[])[phone, tablet])
            {
                var bundle = SyncBundle.Of((await DetailAsync(reader, device)), TimeProvider.System.GetUtcNow());
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(bundle).RootElement.ValueKind);
                Assert.All((string[])["The tablet", "The phone", "push-secret", "example.org", "Anna", "ownWords", "10."], word => Assert.DoesNotContain(word, bundle, StringComparison.Ordinal));
                Assert.Contains("\"verdict\": \"rejected\"", bundle, StringComparison.Ordinal);
            }
    }

    [Fact]
    public async Task Trace_OfATask_TellsEachDeviceHowFarItIs()
    {
        var (phone, tablet) = await PairAsync();
        await tablet.PullAllAsync();
        var clientId = SyncPhone.NewId("c");
        await phone.PushedAsync(SyncPhone.Create(clientId, "Call the pharmacy"));
        await phone.PullAllAsync((await phone.PullAllAsync()).Cursor);
        var traces = portal.Portal.Services.GetRequiredService<SyncTraces>();

        var trace = (await traces.FindAsync(Support, phone.Person.Id, clientId, Token))!;

        Assert.Equal((1L, "task", null), (trace.Version, trace.Entity, trace.Title));
        var states = trace.Devices.ToDictionary(d => d.DeviceId);
        Assert.Equal((TracedState.Confirmed, true, 1L), (states[phone.DeviceId].State, states[phone.DeviceId].At is not null, states[phone.DeviceId].Has));
        Assert.Equal((TracedState.Missing, 0L), (states[tablet.DeviceId].State, states[tablet.DeviceId].Has));
        Assert.Equal("Call the pharmacy", (await traces.FindAsync(Own(phone), phone.Person.Id, trace.Id, Token))!.Title);
        await tablet.PullAsync();
        Assert.Equal(TracedState.Sent, (await traces.FindAsync(Support, phone.Person.Id, clientId, Token))!.Devices.Single(d => d.DeviceId == tablet.DeviceId).State);
        Assert.Null(await traces.FindAsync(Support, (await portal.NewPersonAsync()).Id, trace.Id, Token));
        Assert.Null(await traces.FindAsync(Support, phone.Person.Id, "nothing\0", Token));
    }

    private async Task<(SyncPhone Phone, SyncPhone Tablet)> PairAsync()
    {
        var person = await portal.NewPersonAsync();
        return (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
    }

    private async Task<(SyncPhone Phone, SyncPhone Tablet, string Id)> ConflictAsync()
    {
        var (phone, tablet) = await PairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's" }));
        await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "The phone's" }));
        return (phone, tablet, id);
    }

    /// <summary>A focus session on a task that was not there, as it was refused before such a one could wait; the rejection's id.</summary>
    private static async Task<string> RefusedSessionAsync(SyncPhone phone, string taskClientId)
    {
        var (id, opId, clientId) = (SyncPhone.NewId("refused"), SyncPhone.NewId("op"), SyncPhone.NewId("c"));
        var operation = JsonSerializer.Serialize(new { opId, entity = "focusSession", op = "create", clientId, taskClientId, fields = new { startedAt = "2030-01-01T08:00:00Z" } });
        await phone.ExecuteAsync(
            "INSERT INTO sync.rejections (id, \"userId\", \"deviceId\", \"opId\", entity, \"clientId\", problem, detail, operation) VALUES ($1, $2, $3, $4, 'focusSession', $5, 'validation', 'The task of this focus session is not known.', $6)",
            id, phone.Person.Id, phone.DeviceId, opId, clientId, operation);
        return (await phone.ScalarAsync<string>("SELECT id FROM sync.rejections WHERE \"deviceId\" = $1 ORDER BY at DESC LIMIT 1", phone.DeviceId))!;
    }

    private static Actor Own(SyncPhone phone) => new($"account-of-{phone.Person.Id}", "Anna", AccountRole.User, phone.Person.Id, null);

    private async Task<SyncDetail> DetailAsync(Actor actor, SyncPhone phone) => (await Details.FindAsync(actor, phone.DeviceId, Token))!;

    private async Task<SyncStanding> StandingAsync(SyncPhone phone) => (await DetailAsync(Support, phone)).Standing;

    private async Task<ConflictLine> OpenConflictAsync(SyncPhone phone) => Assert.Single((await DetailAsync(Support, phone)).Conflicts, c => c.Closed is null);

    private static Task<long> EventsAsync(SyncPhone phone, string kind) => phone.ScalarAsync<long>("SELECT count(*) FROM portal.device_events WHERE \"userId\" = $1 AND kind = $2", phone.Person.Id, kind);
}
