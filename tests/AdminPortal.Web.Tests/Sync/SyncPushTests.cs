using System.Net;
using System.Text.Json;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What a push does, operation by operation.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncPushTests(ApiPortal portal)
{
    [Fact]
    public async Task Push_Create_MakesARowAndAVersion()
    {
        var phone = await NewPhoneAsync();
        var clientId = SyncPhone.NewId("c");

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Create(clientId, "Call the pharmacy")));

        Assert.Equal(("applied", clientId), (Text(result, "status"), Text(result, "clientId")));
        Assert.Equal(1, result.GetProperty("version").GetInt64());
        Assert.Equal("Call the pharmacy", await phone.ScalarAsync<string>("SELECT title FROM public.tasks WHERE id = $1 AND \"clientId\" = $2", Text(result, "id"), clientId));
    }

    [Fact]
    public async Task Push_TheSameOperationAgain_HasOneEffectAndTheSameResult()
    {
        var phone = await NewPhoneAsync();
        var op = SyncPhone.Create(SyncPhone.NewId("c"), "Once");

        var first = Assert.Single(await phone.PushedAsync(op));
        var again = await phone.PushedAsync(op, op);

        Assert.All(again, result => Assert.True(result.GetProperty("replayed").GetBoolean()));
        Assert.All(again, result => Assert.Equal((Text(first, "id"), "applied"), (Text(result, "id"), Text(result, "status"))));
        Assert.Equal(1L, await CountTasksAsync(phone));
    }

    [Fact]
    public async Task Push_AnotherOperationUnderTheSameId_IsRefusedAndNothingIsWritten()
    {
        var phone = await NewPhoneAsync();
        var opId = SyncPhone.NewId("op");
        await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), "First", opId));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), "Second", opId)));

        Assert.Equal("op-id-reused", Problem(result));
        Assert.Equal(1L, await CountTasksAsync(phone));
    }

    [Fact]
    public async Task Push_AnotherOperationWithAKnownClientId_NeverMakesASecondRow()
    {
        var phone = await NewPhoneAsync();
        var clientId = SyncPhone.NewId("c");
        var first = Assert.Single(await phone.PushedAsync(SyncPhone.Create(clientId, "One")));

        var second = Assert.Single(await phone.PushedAsync(SyncPhone.Create(clientId, "One, again")));

        Assert.Equal(Text(first, "id"), Text(second, "id"));
        Assert.Equal(1L, await CountTasksAsync(phone));
    }

    [Fact]
    public async Task Push_OtherFieldsThanSomebodyElse_Merges()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { notes = "From the tablet" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { status = "done" })));

        Assert.Equal("merged", Text(result, "status"));
        Assert.Equal(("From the tablet", "done"), (Text(result.GetProperty("row"), "notes"), Text(result.GetProperty("row"), "status")));
        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.conflicts WHERE \"userId\" = $1", phone.Person.Id));
    }

    [Fact]
    public async Task Push_TheSameFieldAsSomebodyElse_WinsAndKeepsTheLosingValue()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "The phone's" })));

        Assert.Equal("conflict", Text(result, "status"));
        Assert.Equal("The phone's", Text(result.GetProperty("row"), "title"));
        Assert.Equal(
            "The tablet's",
            await phone.ScalarAsync<string>("SELECT losing->>'title' FROM sync.conflicts WHERE \"entityId\" = $1 AND \"losingDeviceId\" = $2 AND \"deviceId\" = $3", id, tablet.DeviceId, phone.DeviceId));
    }

    [Fact]
    public async Task Push_TheSameValueAsSomebodyElse_IsNoConflict()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { status = "done" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { status = "done" })));

        Assert.Equal("merged", Text(result, "status"));
    }

    /// <summary>Its create and its deletion came together, so that it never had a version; waiting for it would be for ever.</summary>
    [Fact]
    public async Task Push_SessionOfATaskThatNeverWasInTheTable_IsAppliedWithoutOne()
    {
        var phone = await NewPhoneAsync();
        var clientId = SyncPhone.NewId("c");
        await phone.PushedAsync(SyncPhone.Create(clientId, "Short-lived"), new { opId = SyncPhone.NewId("op"), entity = "task", op = "delete", clientId });

        var result = Assert.Single(await phone.PushedAsync(
            new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "create", clientId = SyncPhone.NewId("c"), taskClientId = clientId, fields = new { startedAt = "2030-01-01T08:00:00Z" } }));

        Assert.Equal("applied", Text(result, "status"));
        Assert.True(await phone.ScalarAsync<bool>("SELECT \"taskId\" IS NULL FROM public.focus_sessions WHERE id = $1", Text(result, "id")));
    }

    [Fact]
    public async Task Push_StatusThatIsNoneOfTheEntitys_IsRejectedWithItsName()
    {
        var phone = await NewPhoneAsync();
        var (id, version) = await phone.NewTaskAsync();

        var results = await phone.PushedAsync(
            SyncPhone.Update(id, version, new { status = "whatever" }),
            new { opId = SyncPhone.NewId("op"), entity = "task", op = "create", clientId = SyncPhone.NewId("c"), fields = new { title = "t", status = "Done" } },
            SyncPhone.Update(id, version, new { status = "in_progress" }));

        Assert.Equal(["validation", "validation"], results.Take(2).Select(Problem));
        Assert.All(results.Take(2), r => Assert.Equal("status must be one of open, in_progress, done, cancelled.", Text(r.GetProperty("problem"), "detail")));
        Assert.Equal("applied", Text(results[2], "status"));
    }

    /// <summary>Whatever else a host writes is the host's.</summary>
    [Fact]
    public async Task Push_StatusThatTheHostMadeUp_MayStay()
    {
        var phone = await NewPhoneAsync();
        var (id, _) = await phone.NewTaskAsync();
        await phone.ExecuteAsync("UPDATE public.tasks SET status = 'on-hold' WHERE id = $1", id);

        var results = await phone.PushedAsync(
            SyncPhone.Update(id, 2, new { status = "on-hold", title = "Both" }), SyncPhone.Update(id, 2, new { title = "Title alone" }), SyncPhone.Update(id, 2, new { status = "waiting" }));

        Assert.Equal(["applied", "applied", "rejected"], results.Select(r => Text(r, "status")));
    }

    /// <summary>A phone edits twice before it has pulled what the first edit became.</summary>
    [Fact]
    public async Task Push_TwiceFromTheSameBase_IsNoConflictWithItself()
    {
        var phone = await NewPhoneAsync();
        var (id, version) = await phone.NewTaskAsync();

        var results = await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Second" }), SyncPhone.Update(id, version, new { title = "Third" }));
        var later = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Fourth" })));

        Assert.All(results.Append(later), result => Assert.Equal("applied", Text(result, "status")));
    }

    [Fact]
    public async Task Push_UpdateOfWhatThePersonDeletedElsewhere_LosesAndIsKept()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Delete(id, version));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Too late" })));

        Assert.Equal(("conflict", "gone"), (Text(result, "status"), Problem(result)));
        Assert.Equal(0L, await CountTasksAsync(phone));
        Assert.Equal("Too late", await phone.ScalarAsync<string>("SELECT losing->>'title' FROM sync.conflicts WHERE \"entityId\" = $1 AND \"byDelete\"", id));
    }

    [Fact]
    public async Task Push_DeleteOverNewerChanges_WinsAndKeepsThem()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, version) = await phone.NewTaskAsync();
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { notes = "Important" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Delete(id, version)));

        Assert.Equal("conflict", Text(result, "status"));
        Assert.Equal(0L, await CountTasksAsync(phone));
        Assert.Equal("Important", await phone.ScalarAsync<string>("SELECT losing->>'notes' FROM sync.conflicts WHERE \"entityId\" = $1", id));
    }

    [Fact]
    public async Task Push_UpdateOfAnUnknownId_IsGoneAndNeverCreates()
    {
        var phone = await NewPhoneAsync();

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update("no-such-task", 1, new { title = "Ghost" })));

        Assert.Equal(("rejected", "gone"), (Text(result, "status"), Problem(result)));
        Assert.Equal(0L, await CountTasksAsync(phone));
    }

    [Fact]
    public async Task Push_SomebodyElsesRow_IsLikeOneThatIsNotThere()
    {
        var (phone, stranger) = (await NewPhoneAsync(), await NewPhoneAsync());
        var (id, version) = await stranger.NewTaskAsync("A secret");

        var results = await phone.PushedAsync(
            SyncPhone.Update(id, version, new { title = "Mine" }),
            SyncPhone.Delete(id, version),
            new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "create", clientId = SyncPhone.NewId("c"), fields = new { taskId = id, startedAt = "2030-01-01T08:00:00Z" } });

        Assert.Equal(["gone", null, "validation"], results.Select(Problem));
        Assert.Equal("A secret", await phone.ScalarAsync<string>("SELECT title FROM public.tasks WHERE id = $1", id));
        Assert.DoesNotContain("A secret", string.Concat(results.Select(r => r.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_SomebodyElsesClientId_SaysOnlyThatItCannotBeUsed()
    {
        var (phone, stranger) = (await NewPhoneAsync(), await NewPhoneAsync());
        var clientId = SyncPhone.NewId("c");
        await stranger.PushedAsync(SyncPhone.Create(clientId, "A secret"));

        var results = await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), "Before"), SyncPhone.Create(clientId, "Mine"), SyncPhone.Create(SyncPhone.NewId("c"), "After"));

        Assert.Equal(["applied", "rejected", "applied"], results.Select(r => Text(r, "status")));
        Assert.Equal("client-id-unavailable", Problem(results[1]));
        Assert.Equal(2L, await CountTasksAsync(phone));
    }

    /// <summary>What the host's own constraints refuse is known only when it is written.</summary>
    [Fact]
    public async Task Push_OneThatTheDatabaseRefuses_IsRejectedAloneAndItsDependantsToo()
    {
        var phone = await NewPhoneAsync();
        await phone.ExecuteAsync("INSERT INTO public.tasks (id, \"userId\", title, \"updatedAt\", \"clientId\") VALUES ('host-row-' || $1, $1, 'x', now(), 'taken-' || $1)", (await NewPhoneAsync()).Person.Id);
        var taken = await phone.ScalarAsync<string>("SELECT max(\"clientId\") FROM public.tasks WHERE id LIKE 'host-row-%'");

        var results = await phone.PushedAsync(
            SyncPhone.Create(SyncPhone.NewId("c"), "Good"),
            SyncPhone.Create(taken!, "Poison"),
            new { opId = SyncPhone.NewId("op"), entity = "task", op = "update", clientId = taken, fields = new { title = "After the poison" } },
            new { opId = SyncPhone.NewId("op"), entity = "focusSession", op = "create", clientId = SyncPhone.NewId("c"), taskClientId = taken, fields = new { startedAt = "2030-01-01T08:00:00Z" } },
            SyncPhone.Create(SyncPhone.NewId("c"), "Good, too"));

        Assert.Equal([null, "client-id-unavailable", "dependency-failed", "dependency-failed", null], results.Select(Problem));
        Assert.Equal(2L, await CountTasksAsync(phone));
        Assert.Equal(3L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.rejections WHERE \"deviceId\" = $1 AND closed IS NULL", phone.DeviceId));
    }

    [Theory]
    [InlineData("""{"opId":"OP","entity":"note","op":"create","clientId":"c"}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","fields":{"title":"t"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c1","fields":{}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c2","fields":{"title":"  "}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c3","fields":{"title":"a\u0000b"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c4","fields":{"title":"\ud800"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c5","fields":{"title":"t","userId":"somebody"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c6","fields":{"title":"t","dueAt":"tomorrow"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c7","fields":{"title":"t","dueAt":"9999-12-31T23:59:59Z"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"update","id":"x","baseVersion":-1,"fields":{"title":"t"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"update","id":"x","fields":{}}""")]
    [InlineData("""{"opId":"OP","entity":"focusSession","op":"create","clientId":"c8","fields":{"startedAt":"2030-01-01T08:00:00Z","durationSeconds":-1}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c9","fields":[]}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"c10","fields":{"\ud800":1}}""")]
    public async Task Push_OperationThatCannotBeRead_IsRejectedAndTheNextOneApplied(string poison)
    {
        var phone = await NewPhoneAsync();
        var good = JsonSerializer.Serialize(SyncPhone.Create(SyncPhone.NewId("c"), "Good"));
        var body = $"{{\"schemaVersion\":1,\"ops\":[{poison.Replace("OP", SyncPhone.NewId("op"), StringComparison.Ordinal)},{good}]}}";

        var results = (await phone.Api.PostTextAsync("/api/sync/push", body)).Data().GetProperty("results").EnumerateArray().ToList();

        Assert.Equal(["rejected", "applied"], results.Select(r => Text(r, "status")));
        Assert.Equal("validation", Problem(results[0]));
        Assert.Equal(1L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.rejections WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Theory]
    [InlineData("""{"entity":"task","op":"create","clientId":"c"}""")]
    [InlineData("""{"opId":"","entity":"task"}""")]
    [InlineData("""{"opId":"\ud800","entity":"task"}""")]
    [InlineData("""{"opId":"a\u0000b","entity":"task"}""")]
    [InlineData("7")]
    public async Task Push_OperationWithoutAUsableId_IsRejectedByItsPlaceAndTheOthersApplied(string nameless)
    {
        var phone = await NewPhoneAsync();
        var (first, last) = (JsonSerializer.Serialize(SyncPhone.Create(SyncPhone.NewId("c"), "First")), JsonSerializer.Serialize(SyncPhone.Create(SyncPhone.NewId("c"), "Last")));
        var body = $$"""{"schemaVersion":1,"state":{"pending":99999999999},"ops":[{{first}},{{nameless}},{{last}}]}""";

        var results = (await phone.Api.PostTextAsync("/api/sync/push", body)).Data().GetProperty("results").EnumerateArray().ToList();

        Assert.Equal(["applied", "rejected", "applied"], results.Select(r => Text(r, "status")));
        Assert.Equal(1, results[1].GetProperty("index").GetInt32());
        Assert.Equal("validation", Problem(results[1]));
        Assert.False(results[0].TryGetProperty("index", out _));
        Assert.Equal(int.MaxValue, await phone.ScalarAsync<int>("SELECT pending FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Fact]
    public async Task Push_OperationOverItsSize_IsTooLarge()
    {
        var phone = await NewPhoneAsync();

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), new string('x', 70_000))));

        Assert.Equal("too-large", Problem(result));
    }

    [Fact]
    public async Task Push_TooManyOperationsOrBytes_IsRefusedAsAWhole()
    {
        var phone = await NewPhoneAsync();

        var many = await phone.PushAsync([.. Enumerable.Range(0, 101).Select(i => SyncPhone.Create(SyncPhone.NewId("c"), $"{i}"))]);
        var large = await phone.Api.PostTextAsync("/api/sync/push", $$"""{"schemaVersion":1,"ops":[],"junk":"{{new string('x', 600_000)}}"}""");

        many.IsProblem(HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
        large.IsProblem(HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
        Assert.Equal(0L, await CountTasksAsync(phone));
    }

    [Fact]
    public async Task Push_ByAnOutdatedApp_IsRefusedWithTheMinimum()
    {
        var other = await StartOtherAsync();
        await using (other)
        {
            var phone = await SyncPhone.PairAsync(other, await other.NewPersonAsync(), appVersion: "1.3");
            await phone.ExecuteAsync("UPDATE sync.meta SET \"minimumAppVersion\" = '1.10'");

            var problem = (await phone.PushAsync(SyncPhone.Create("c", "t"))).IsProblem(HttpStatusCode.Forbidden, "app-version-unsupported");
            (await phone.PullAsync()).IsProblem(HttpStatusCode.Forbidden, "app-version-unsupported");
            (await phone.Api.PostAsync("/api/sync/report", new { problem = "It does not sync.", state = new { pending = 7 } })).Data();
            Assert.False((await phone.RegisterAsync("1.9")).Data().GetProperty("maySync").GetBoolean());
            Assert.True((await phone.RegisterAsync("1.10.1")).Data().GetProperty("maySync").GetBoolean());

            Assert.Equal("1.10", Text(problem, "minVersion"));
            Assert.Equal("applied", Text(Assert.Single(await phone.PushedAsync(SyncPhone.Create(SyncPhone.NewId("c"), "t"))), "status"));
            Assert.Equal("It does not sync.", await phone.ScalarAsync<string>("SELECT report->>'problem' FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId));
        }
    }

    private async Task<ApiPortal> StartOtherAsync()
    {
        var other = new ApiPortal(portal.Cluster);
        await other.InitializeAsync();
        return other;
    }

    private async Task<SyncPhone> NewPhoneAsync() => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

    private async Task<(SyncPhone Phone, SyncPhone Tablet)> NewPairAsync()
    {
        var person = await portal.NewPersonAsync();
        return (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
    }

    private static Task<long> CountTasksAsync(SyncPhone phone) => phone.ScalarAsync<long>("SELECT count(*) FROM public.tasks WHERE \"userId\" = $1", phone.Person.Id);

    private static string? Problem(JsonElement result) => result.TryGetProperty("problem", out var problem) && problem.ValueKind == JsonValueKind.Object ? Text(problem, "type") : null;
}
