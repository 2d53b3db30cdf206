using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Readings of much: one entity alone, the newest first, everything in one answer.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncReadingTests(ApiPortal portal)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_OneEntity_GivesItAloneAndItsCursorIsForNoOther()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 3, sessions: 2);

        var tasks = await AllAsync(phone, "task");
        var sessions = await AllAsync(phone, "focusSession", limit: 1);

        Assert.Equal(["task", "task", "task"], tasks.Changes.Select(Entity));
        Assert.Equal(["focusSession", "focusSession"], sessions.Changes.Select(Entity));
        (await phone.Api.GetAsync($"/api/sync/pull?entity=focusSession&cursor={tasks.Cursor}")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.PullAsync(tasks.Cursor)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.Api.GetAsync("/api/sync/pull?entity=tasks")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.Api.GetAsync("/api/sync/pull?order=random")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await phone.Api.GetAsync("/api/sync/pull?format=xml")).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Pull_EntityByEntity_CountsAsReadWhenAllAre()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 2, sessions: 2);
        await phone.PushedAsync();

        await AllAsync(phone, "task");
        var half = await StateAsync(phone);
        await AllAsync(phone, "focusSession");

        Assert.Equal("0 f", half);
        Assert.Equal("4 t", await StateAsync(phone));
    }

    [Fact]
    public async Task Pull_EntityByEntityWhenSupportAskedForAFullRead_BeginsAgainWithEach()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 2, sessions: 2);
        var (tasks, sessions) = ((await AllAsync(phone, "task")).Cursor, (await AllAsync(phone, "focusSession")).Cursor);
        await phone.ExecuteAsync("""UPDATE sync.device_state SET "resyncRequestedAt" = now() WHERE "deviceId" = $1""", phone.DeviceId);

        (await PullAsync(phone, "task", tasks)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        Assert.Equal(2, (await AllAsync(phone, "task")).Changes.Count);
        (await PullAsync(phone, "focusSession", sessions)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        Assert.Equal(2, (await AllAsync(phone, "focusSession")).Changes.Count);

        Assert.True(await phone.ScalarAsync<bool>("""SELECT "resyncRequestedAt" IS NULL FROM sync.device_state WHERE "deviceId" = $1""", phone.DeviceId));
        (await PullAsync(phone, "task", tasks)).Data();
    }

    [Fact]
    public async Task Pull_NewestFirst_GivesWhatChangesMeanwhileAtTheEnd()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 7, sessions: 0);
        var ids = (await phone.PullAllAsync()).Changes.ConvertAll(c => Text(c, "id"));

        var first = (await phone.Api.GetAsync("/api/sync/pull?order=newest&limit=3")).Data();
        await phone.ExecuteAsync("DELETE FROM public.tasks WHERE id = $1", ids[6]);
        await phone.ExecuteAsync("UPDATE public.tasks SET title = 'changed meanwhile' WHERE id = $1", ids[0]);
        var (rest, cursor) = await phone.PullAllAsync(Text(first, "cursor"), limit: 3);

        Assert.Equal([7, 6, 5, 4, 3, 2, 8, 9], first.GetProperty("changes").EnumerateArray().Concat(rest).Select(c => c.GetProperty("version").GetInt64()));
        Assert.Equal((ids[6], true), (Text(rest[^2], "id"), rest[^2].GetProperty("deleted").GetBoolean()));
        Assert.Empty((await phone.PullAllAsync(cursor)).Changes);
    }

    [Fact]
    public async Task Pull_NewestFirstWhenAllTheRestChanges_NeverGivesAnEmptyPageBeforeTheEnd()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 2, sessions: 0);
        var first = (await phone.Api.GetAsync("/api/sync/pull?order=newest&limit=1")).Data();
        await phone.ExecuteAsync("UPDATE public.tasks SET title = 'changed' WHERE \"userId\" = $1", phone.Person.Id);
        await phone.PullAllAsync(); // gives the versions

        var next = (await phone.PullAsync(Text(first, "cursor"))).Data();

        Assert.Equal([3, 4], next.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Pull_NewestFirstOfNothing_IsEmptyAndGoesOn()
    {
        var phone = await NewPhoneAsync();
        var empty = (await phone.Api.GetAsync("/api/sync/pull?order=newest")).Data();
        await AddAsync(phone, tasks: 1, sessions: 0);

        Assert.False(empty.GetProperty("hasMore").GetBoolean());
        Assert.Single((await phone.PullAllAsync(Text(empty, "cursor"))).Changes);
    }

    [Theory]
    [InlineData("&limit=500")]
    [InlineData("&limit=500&order=newest")]
    [InlineData("&limit=500&entity=task")]
    public async Task Pull_AsLines_GivesEverythingInOneAnswer(string wish)
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 1_200, sessions: 0);

        var lines = await LinesAsync(phone, wish);

        var changes = lines.Where(l => l.TryGetProperty("entity", out _)).ToList();
        var marks = lines.Where(l => l.TryGetProperty("cursor", out _)).ToList();
        Assert.Equal(1_200, changes.Select(c => Text(c, "id")).Distinct().Count());
        Assert.Equal(changes.Count + marks.Count, lines.Count);
        Assert.Equal([true, true, false], marks.Select(m => m.GetProperty("hasMore").GetBoolean()));
        var entity = wish.Contains("entity", StringComparison.Ordinal) ? "task" : null;
        Assert.Empty((await PullAsync(phone, entity, Text(marks[^1], "cursor"))).Data().GetProperty("changes").EnumerateArray());
        Assert.Equal(200, (await PullAsync(phone, entity, Text(marks[1], "cursor"))).Data().GetProperty("changes").GetArrayLength());
        Assert.Equal("pull 200 1200", await phone.ScalarAsync<string>("SELECT concat_ws(' ', kind, status, items) FROM sync.requests WHERE \"deviceId\" = $1 AND items > 1000", phone.DeviceId));
    }

    [Fact]
    public async Task Pull_AsLinesOfNothing_IsTheLineOfTheCursor() => Assert.False(Assert.Single(await LinesAsync(await NewPhoneAsync(), "")).GetProperty("hasMore").GetBoolean());

    [Fact]
    public async Task Pull_AsLinesWithAForeignCursor_IsRefusedAsAlways() =>
        (await (await NewPhoneAsync()).Api.GetAsync("/api/sync/pull?format=ndjson&cursor=nonsense")).IsProblem(HttpStatusCode.Conflict, "cursor-reset");

    /// <summary>Answers that nobody fetches hold no turn: more of them than a person may have worked on at a time.</summary>
    [Fact]
    public async Task Pull_AsLinesThatNobodyFetches_HoldsUpNobody()
    {
        var phone = await NewPhoneAsync();
        await phone.ExecuteAsync("""
            INSERT INTO public.tasks (id, "userId", title, notes, "updatedAt") SELECT $1 || n, $1, 't', repeat('x', 50000), now() FROM generate_series(1, 400) n
            """, phone.Person.Id);
        using var client = new HttpClient();
        var slow = new List<HttpResponseMessage>();
        for (var i = 0; i < 6; i++)
        {
            using var request = Request(phone, "");
            slow.Add(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token));
        }

        (await phone.PullAsync(limit: 1).WaitAsync(TimeSpan.FromSeconds(5), Token)).Data();

        slow.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task Pull_ManyPagesOfALongReading_AreNotTooMany()
    {
        var phone = await NewPhoneAsync();
        await AddAsync(phone, tasks: 140, sessions: 0);

        Assert.Equal(140, (await phone.PullAllAsync(limit: 1)).Changes.Count);
    }

    private static string Entity(JsonElement change) => Text(change, "entity");

    private static async Task AddAsync(SyncPhone phone, int tasks, int sessions)
    {
        await phone.ExecuteAsync("""INSERT INTO public.tasks (id, "userId", title, "updatedAt") SELECT $1 || '-t' || n, $1, 'Task ' || n, now() FROM generate_series(1, $2) n""", phone.Person.Id, tasks);
        await phone.ExecuteAsync("""INSERT INTO public.focus_sessions (id, "userId", "startedAt", "durationSeconds", "updatedAt") SELECT $1 || '-s' || n, $1, now(), 0, now() FROM generate_series(1, $2) n""", phone.Person.Id, sessions);
    }

    private static Task<ApiAnswer> PullAsync(SyncPhone phone, string? entity, string? cursor, int limit = 500) =>
        phone.Api.GetAsync($"/api/sync/pull?cursor={cursor}&limit={limit}{(entity is null ? "" : $"&entity={entity}")}");

    private static async Task<(List<JsonElement> Changes, string Cursor)> AllAsync(SyncPhone phone, string entity, int limit = 500)
    {
        var (all, cursor) = (new List<JsonElement>(), "");
        while (true)
        {
            var page = (await PullAsync(phone, entity, cursor, limit)).Data();
            cursor = Text(page, "cursor");
            if (page.GetProperty("changes").GetArrayLength() == 0)
                return (all, cursor);
            all.AddRange(page.GetProperty("changes").EnumerateArray());
        }
    }

    private static async Task<List<JsonElement>> LinesAsync(SyncPhone phone, string wish)
    {
        using var client = new HttpClient();
        using var request = Request(phone, wish);
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        return [.. (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static HttpRequestMessage Request(SyncPhone phone, string wish)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(phone.Portal.Portal.Address, $"/api/sync/pull?format=ndjson{wish}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", phone.Api.Bearer);
        return request;
    }

    private static async Task<string?> StateAsync(SyncPhone phone) => await phone.ScalarAsync<string>(
        """SELECT concat_ws(' ', s."acknowledgedVersion", u."lastSyncedAt" IS NOT NULL) FROM sync.device_state s JOIN public.users u ON u.id = s."userId" WHERE s."deviceId" = $1""", phone.DeviceId);

    private async Task<SyncPhone> NewPhoneAsync() => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
}
