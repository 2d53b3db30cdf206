using System.Net;
using System.Text.Json;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What real clients met.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncFaultTests(ApiPortal portal)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purge_AfterATableWasEmptied_ForgetsItsVersionsAndKeepsTheNewRows()
    {
        await using var other = new ApiPortal(portal.Cluster);
        await other.InitializeAsync();
        var person = await other.NewPersonAsync();
        var phone = await SyncPhone.PairAsync(other, person);
        for (var i = 0; i < 5; i++)
            await phone.NewTaskAsync();
        await using (var owner = await other.OpenOwnerAsync())
            await owner.ExecuteAsync("TRUNCATE public.tasks CASCADE");
        await WriteAsHostAsync(phone, 3);
        await AssertPagesAsync(phone, 3);

        var purged = await other.Portal.Services.GetRequiredService<SyncPurge>().RunAsync(Token);

        Assert.Equal(5, purged.Leftovers);
        Assert.Equal(3L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.changes WHERE \"userId\" = $1", person.Id));
        await AssertPagesAsync(phone, 3);
        Assert.Equal(0, (await other.Portal.Services.GetRequiredService<SyncPurge>().RunAsync(Token)).Leftovers);
    }

    /// <summary>No page but the last is empty.</summary>
    private static async Task AssertPagesAsync(SyncPhone phone, int rows)
    {
        string? cursor = null;
        var seen = 0;
        while (true)
        {
            var page = (await phone.PullAsync(cursor, limit: 2)).Data();
            cursor = Text(page, "cursor");
            seen += page.GetProperty("changes").GetArrayLength();
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
            Assert.NotEqual(0, page.GetProperty("changes").GetArrayLength());
        }

        Assert.Equal(rows, seen);
    }

    [Fact]
    public async Task Pull_AfterManyHostWrites_GivesVersionsToSomeAndTheRestWithTheNext()
    {
        var phone = await NewPhoneAsync();
        var (_, cursor) = await phone.PullAllAsync();
        await WriteAsHostAsync(phone, 4_500);

        var first = (await phone.PullAsync(cursor)).Data();
        var waiting = await phone.ScalarAsync<long>("SELECT count(*) FROM sync.dirty WHERE \"userId\" = $1", phone.Person.Id);
        var (rest, _) = await phone.PullAllAsync(Text(first, "cursor"));

        Assert.True(first.GetProperty("hasMore").GetBoolean());
        Assert.Equal(2_500, waiting);
        Assert.Equal(4_500, first.GetProperty("changes").GetArrayLength() + rest.Count);
    }

    /// <summary>What a host wrote to the very row is known to the push, however much waits before it.</summary>
    [Fact]
    public async Task Push_OnARowWhoseMarkWaitsBehindMany_IsAConflict()
    {
        var phone = await NewPhoneAsync();
        var (id, version) = await phone.NewTaskAsync();
        await WriteAsHostAsync(phone, 4_500);
        await phone.ExecuteAsync("UPDATE public.tasks SET title = 'By the host' WHERE id = $1", id);

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "By the phone" })));

        Assert.Equal("conflict", Text(result, "status"));
        Assert.Equal("By the host", Text(result.GetProperty("lost"), "title"));
    }

    [Fact]
    public async Task Push_SessionBeforeItsTaskInOnePush_AppliesBoth()
    {
        var phone = await NewPhoneAsync();
        var task = SyncPhone.NewId("c");

        var results = await phone.PushedAsync(Session(task), SyncPhone.Create(task, "The task"));

        Assert.Equal(["applied", "applied"], results.Select(r => Text(r, "status")));
        Assert.Equal(Text(results[1], "id"), await phone.ScalarAsync<string>("SELECT \"taskId\" FROM public.focus_sessions WHERE \"userId\" = $1", phone.Person.Id));
    }

    [Fact]
    public async Task Push_SessionBeforeItsTaskInAnother_WaitsAndIsAppliedUnderTheSameOpId()
    {
        var phone = await NewPhoneAsync();
        var (task, client) = (SyncPhone.NewId("c"), SyncPhone.NewId("c"));
        var session = Session(task, client);
        var update = new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "update", clientId = client, fields = new { durationSeconds = 60 } };

        var early = await phone.PushedAsync(session, update);
        await phone.PushedAsync(SyncPhone.Create(task, "The task"));
        var late = await phone.PushedAsync(session, update);

        Assert.Equal(["dependency-missing", "dependency-missing"], early.Select(Problem));
        Assert.Equal(["applied", "applied"], late.Select(r => Text(r, "status")));
        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.rejections WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    /// <summary>The last is larger than an operation may be, too. What is kept of each can be read by whoever looks at it.</summary>
    [Theory]
    [InlineData(65)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public async Task Push_OperationThatIsNestedTooDeep_IsRejectedAlone(int depth)
    {
        var phone = await NewPhoneAsync();
        var nested = new string('[', depth) + new string(']', depth);
        var deep = $$"""{"opId":"{{SyncPhone.NewId("op")}}","entity":"task","op":"create","clientId":"c-deep","fields":{"title":{{nested}} } }""";
        var good = JsonSerializer.Serialize(SyncPhone.Create(SyncPhone.NewId("c"), "Good"));

        var results = (await phone.Api.PostTextAsync("/api/sync/push", $$"""{"schemaVersion":1,"ops":[{{deep}},{{good}}]}""")).Data().GetProperty("results").EnumerateArray().ToList();

        Assert.Equal(["validation", null], results.Select(Problem));
        Assert.Equal("create", await phone.ScalarAsync<string>("SELECT operation::jsonb ->> 'op' FROM sync.rejections WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("12")]
    [InlineData("""{"at":[1]}""")]
    public async Task Push_WithAClockThatIsNoTime_IsTaken(string clock)
    {
        var phone = await NewPhoneAsync();

        var answer = await phone.Api.PostTextAsync(
            "/api/sync/push", $$"""{"schemaVersion":1,"sentAt":{{clock}},"state":{"pending":1e40,"oldestPendingAt":{{clock}}},"ops":[{{JsonSerializer.Serialize(SyncPhone.Create(SyncPhone.NewId("c"), "t"))}}]}""");

        Assert.Equal("applied", Text(Assert.Single(answer.Data().GetProperty("results").EnumerateArray()), "status"));
    }

    [Fact]
    public async Task Push_WithoutASchemaVersion_IsInvalidAndWithANewerOneWaits()
    {
        var phone = await NewPhoneAsync();

        (await phone.Api.PostTextAsync("/api/sync/push", """{"ops":[]}""")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.Api.PostTextAsync("/api/sync/push", """{"schemaVersion":2,"ops":[]}""")).IsProblem(HttpStatusCode.ServiceUnavailable, "portal-outdated");
        (await phone.Api.GetAsync("/api/sync/pull?schemaVersion=2")).IsProblem(HttpStatusCode.ServiceUnavailable, "portal-outdated");
    }

    [Fact]
    public async Task Pull_OfWhatWasDeleted_NamesItsClientIdWhoeverDeletedIt()
    {
        var phone = await NewPhoneAsync();
        var (first, second) = (SyncPhone.NewId("c"), SyncPhone.NewId("c"));
        var made = await phone.PushedAsync(SyncPhone.Create(first, "By the phone"), SyncPhone.Create(second, "By the host"));
        var (_, cursor) = await phone.PullAllAsync();

        await phone.PushedAsync(SyncPhone.Delete(Text(made[0], "id"), made[0].GetProperty("version").GetInt64()));
        await phone.ExecuteAsync("DELETE FROM public.tasks WHERE id = $1", Text(made[1], "id"));

        var (gone, _) = await phone.PullAllAsync(cursor);
        Assert.Equal([first, second], gone.Select(c => Text(c, "clientId")));
        Assert.All(gone, c => Assert.True(c.GetProperty("deleted").GetBoolean()));
    }

    [Fact]
    public async Task Push_CreateWithAnIdOfItsOwn_KeepsItAndRefusesOneThatIsTaken()
    {
        var (phone, stranger) = (await NewPhoneAsync(), await NewPhoneAsync());
        var (id, theirs) = (SyncPhone.NewId("own"), (await stranger.NewTaskAsync()).Id);
        var create = CreateWith(id);

        var results = await phone.PushedAsync(create, SyncPhone.Update(id, 0, new { notes = "n" }), CreateWith(id), CreateWith(theirs));

        Assert.Equal([id, id], results.Take(2).Select(r => Text(r, "id")));
        Assert.Equal([null, null, "client-id-unavailable", "client-id-unavailable"], results.Select(Problem));
        Assert.True(Assert.Single(await phone.PushedAsync(create)).GetProperty("replayed").GetBoolean());
    }

    [Fact]
    public async Task Conflict_OfTwoDevices_TellsBothWhatLost()
    {
        var person = await portal.NewPersonAsync();
        var (phone, tablet) = (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's", notes = "n" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "The phone's" })));
        var told = Assert.Single((await tablet.Api.GetAsync("/api/sync/conflicts")).Data().GetProperty("conflicts").EnumerateArray());
        var own = Assert.Single((await phone.Api.GetAsync("/api/sync/conflicts")).Data().GetProperty("conflicts").EnumerateArray());

        Assert.Equal("""{"title":"The tablet's"}""", result.GetProperty("lost").ToString().Replace("\\u0027", "'", StringComparison.Ordinal));
        Assert.Equal("The tablet's", Text(told.GetProperty("lost"), "title"));
        Assert.True(told.GetProperty("mine").GetBoolean());
        Assert.False(own.GetProperty("mine").GetBoolean());
    }

    [Fact]
    public async Task Conflicts_OfAnotherPerson_AreNotTold()
    {
        var stranger = await NewPhoneAsync();

        Assert.Empty((await stranger.Api.GetAsync("/api/sync/conflicts")).Data().GetProperty("conflicts").EnumerateArray());
    }

    [Fact]
    public async Task Push_IfVersion_IsAppliedToThatVersionOnlyAndShowsTheRow()
    {
        var person = await portal.NewPersonAsync();
        var (phone, tablet) = (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's" }));

        var results = await phone.PushedAsync(IfVersion(id, version, "The phone's"), new { opId = SyncPhone.NewId("op"), entity = "task", op = "delete", id, ifVersion = version });
        var now = results[0].GetProperty("version").GetInt64();
        var again = Assert.Single(await phone.PushedAsync(IfVersion(id, now, "Decided")));

        Assert.Equal(["changed", "changed"], results.Select(Problem));
        Assert.Equal("The tablet's", Text(results[0].GetProperty("row"), "title"));
        Assert.Equal("applied", Text(again, "status"));
        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.rejections WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Fact]
    public async Task Push_TimesThatCannotBe_AreRejectedByTheirField()
    {
        var phone = await NewPhoneAsync();
        var client = SyncPhone.NewId("c");
        object Create(string? clientId, object fields) => new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "create", clientId = clientId ?? SyncPhone.NewId("c"), fields };

        var results = await phone.PushedAsync(
            new { opId = SyncPhone.NewId("op"), entity = "task", op = "create", clientId = SyncPhone.NewId("c"), fields = new { title = "t", dueAt = "2030-01-01T08:00:00" } },
            Create(null, new { startedAt = "2030-01-01T08:00:00Z", endedAt = "2030-01-01T07:00:00Z" }),
            Create(client, new { startedAt = "2030-01-01T08:00:00+01:00", endedAt = "2030-01-01T07:00:00Z" }),
            new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "update", clientId = client, fields = new { endedAt = "2030-01-01T06:59:59Z" } });

        Assert.Equal(["validation", "validation", null, "validation"], results.Select(Problem));
        Assert.All(results.Where(r => Problem(r) is not null).Skip(1), r => Assert.Contains("endedAt", Text(r.GetProperty("problem"), "detail"), StringComparison.Ordinal));
    }

    private async Task<SyncPhone> NewPhoneAsync() => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

    private static Task<int> WriteAsHostAsync(SyncPhone phone, int rows) => phone.ExecuteAsync(
        "INSERT INTO public.tasks (id, \"userId\", title, \"updatedAt\") SELECT gen_random_uuid()::text, $1, 'By the host', now() FROM generate_series(1, $2)", phone.Person.Id, rows);

    private static object Session(string taskClientId, string? clientId = null) => new
    {
        opId = SyncPhone.NewId("op"),
        entity = "focusSession",
        op = "create",
        clientId = clientId ?? SyncPhone.NewId("c"),
        taskClientId,
        fields = new { startedAt = "2030-01-01T08:00:00Z" },
    };

    private static object CreateWith(string id) => new { opId = SyncPhone.NewId("op"), entity = "task", op = "create", id, clientId = SyncPhone.NewId("c"), fields = new { title = "t" } };

    private static object IfVersion(string id, long ifVersion, string title) => new { opId = SyncPhone.NewId("op"), entity = "task", op = "update", id, ifVersion, fields = new { title } };

    private static string? Problem(JsonElement result) => result.TryGetProperty("problem", out var problem) && problem.ValueKind == JsonValueKind.Object ? Text(problem, "type") : null;
}
