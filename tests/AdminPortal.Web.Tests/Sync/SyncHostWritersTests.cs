using System.Diagnostics;
using System.Net;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What another program on the same tables does to devices: odd values, long transactions, empty tables.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncHostWritersTests(ApiPortal portal)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("infinity", "9999-12-31T23:59:59.999Z")]
    [InlineData("-infinity", "0001-01-01T00:00:00.001Z")]
    [InlineData("4000-01-01 BC", "0001-01-01T00:00:00.001Z")]
    [InlineData("20000-01-01", "9999-12-31T23:59:59.999Z")]
    public async Task Pull_OfATimeThatNoCalendarHas_IsTheNearestThatThereIs(string written, string told)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (id, version) = await phone.NewTaskAsync();
        await phone.ExecuteAsync($"UPDATE public.tasks SET \"dueAt\" = '{written}' WHERE id = $1", id);

        var change = Assert.Single((await phone.PullAllAsync()).Changes);

        Assert.Equal(told, PairingCalls.Text(change.GetProperty("fields"), "dueAt"));
        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Another title" })));
        Assert.NotEqual("rejected", PairingCalls.Text(result, "status"));
        Assert.True(await phone.ScalarAsync<bool>("SELECT \"dueAt\" = $2::text::timestamp FROM public.tasks WHERE id = $1", id, written)); // the host's value stays the host's
    }

    [Fact]
    public async Task Push_OnABaseAboveTheHead_IsAConflictAndKeepsTheOther()
    {
        var person = await portal.NewPersonAsync();
        var (phone, tablet) = (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
        var (id, version) = await phone.NewTaskAsync("Before the restore");
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "The tablet's" }));

        var result = Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, 1_000_000, new { title = "The phone's" })));

        Assert.Equal("conflict", PairingCalls.Text(result, "status"));
        Assert.Contains("The tablet's", await phone.ScalarAsync<string>("SELECT losing::text FROM sync.conflicts WHERE \"userId\" = $1", person.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_AfterTheTableWasEmptied_HasNoEmptyPageBeforeTheEnd()
    {
        var person = await portal.NewPersonAsync();
        var phone = await SyncPhone.PairAsync(portal, person);
        for (var i = 0; i < 5; i++)
        {
            await phone.NewTaskAsync();
        }

        await using (var owner = await portal.OpenOwnerAsync())
        {
            await owner.ExecuteAsync("TRUNCATE public.tasks CASCADE");
        }

        await phone.ExecuteAsync("""INSERT INTO public.tasks (id, "userId", title, "updatedAt") SELECT 'host-' || $1 || n, $1, 'From the host', now() FROM generate_series(1, 3) n""", person.Id);
        var tablet = await SyncPhone.PairAsync(portal, person);

        string? cursor = null;
        var seen = 0;
        for (var more = true; more;)
        {
            var page = (await tablet.PullAsync(cursor, limit: 2)).Data();
            (cursor, more) = (PairingCalls.Text(page, "cursor"), page.GetProperty("hasMore").GetBoolean());
            var count = page.GetProperty("changes").GetArrayLength();
            Assert.False(count == 0 && more, "A page in the middle is empty.");
            seen += count;
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task Pull_OfLargeRows_EndsAPageSoon()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        await phone.ExecuteAsync(
            """INSERT INTO public.tasks (id, "userId", title, notes, "updatedAt") SELECT 'large-' || $1 || n, $1, 'Large', repeat('x', 1000000), now() FROM generate_series(1, 5) n""", phone.Person.Id);

        var first = (await phone.PullAsync()).Data();
        var (rest, _) = await phone.PullAllAsync(PairingCalls.Text(first, "cursor"));

        Assert.Equal((2, true), (first.GetProperty("changes").GetArrayLength(), first.GetProperty("hasMore").GetBoolean()));
        Assert.Equal(3, rest.Count);
    }

    [Fact]
    public async Task Push_ACreateAgainUnderAnotherOpId_ChangesOnlyWhatItNames()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var clientId = SyncPhone.NewId("c");
        var id = PairingCalls.Text(Assert.Single(await phone.PushedAsync(SyncPhone.Create(clientId, "First"))), "id");
        await phone.ExecuteAsync("UPDATE public.tasks SET notes = 'The host''s', status = 'done' WHERE id = $1", id);

        Assert.NotEqual("rejected", PairingCalls.Text(Assert.Single(await phone.PushedAsync(SyncPhone.Create(clientId, "Again"))), "status"));

        Assert.Equal("Again/The host's/done", await phone.ScalarAsync<string>("SELECT concat_ws('/', title, notes, status) FROM public.tasks WHERE id = $1", id));
    }

    [Fact]
    public async Task Push_OnARowThatTheHostHolds_IsBusySoon_AndHoldsNobodyElseUp()
    {
        var person = await portal.NewPersonAsync();
        var phone = await SyncPhone.PairAsync(portal, person);
        var other = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (id, version) = await phone.NewTaskAsync();
        await using var host = await portal.OpenAsync();
        await using var transaction = await host.BeginTransactionAsync(Token);
        await host.ExecuteAsync("UPDATE public.tasks SET title = 'Held' WHERE id = $1", id);
        var watch = Stopwatch.StartNew();

        var held = Enumerable.Range(0, 24).Select(_ => phone.PushAsync(SyncPhone.Update(id, version, new { title = "The phone's" }))).ToList();
        (await other.PullAsync()).Data();
        var others = watch.Elapsed;
        var answers = await Task.WhenAll(held);

        Assert.True(others < TimeSpan.FromSeconds(10), $"Somebody else waited {others.TotalSeconds:F1} s.");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"The last was answered after {watch.Elapsed.TotalSeconds:F1} s.");
        Assert.All(answers, answer => Assert.True(answer.Headers.RetryAfter is not null, answer.Text));
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests]));
        await transaction.RollbackAsync(Token);
        Assert.Equal("applied", PairingCalls.Text(Assert.Single(await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Now" }))), "status"));
    }

    [Fact]
    public async Task Pull_WhileTheHostHoldsARowOfThePerson_IsAnswered()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var (id, _) = await phone.NewTaskAsync();
        await using var host = await portal.OpenAsync();
        await using var transaction = await host.BeginTransactionAsync(Token);
        await host.ExecuteAsync("UPDATE public.tasks SET title = 'Held' WHERE id = $1", id);

        var answer = await phone.PullAsync().WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, answer.Text);
    }
}
