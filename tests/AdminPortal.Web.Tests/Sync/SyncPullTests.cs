using System.Net;
using AdminPortal.Web.Tests.Hosting;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What a pull gives, when it refuses, and what stays on record.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncPullTests(ApiPortal portal)
{
    [Fact]
    public async Task Pull_FromNothing_GivesEverythingInPages()
    {
        var (phone, tablet) = await NewPairAsync();
        for (var i = 0; i < 7; i++)
            await phone.NewTaskAsync($"Task {i}");

        var (changes, _) = await tablet.PullAllAsync(limit: 3);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"Task {i}"), changes.Select(c => Text(c.GetProperty("fields"), "title")));
        Assert.Equal(changes.Select(c => c.GetProperty("version").GetInt64()).Order(), changes.Select(c => c.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Pull_WhatTheHostWrote_IsThereToo()
    {
        var phone = await NewPhoneAsync();
        var (_, cursor) = await phone.PullAllAsync();
        await phone.ExecuteAsync("INSERT INTO public.tasks (id, \"userId\", title, \"updatedAt\") VALUES ('host-' || $1, $1, 'Written by the host', now())", phone.Person.Id);

        var (written, next) = await phone.PullAllAsync(cursor);
        await phone.ExecuteAsync("UPDATE public.tasks SET status = 'done' WHERE id = 'host-' || $1", phone.Person.Id);
        var (changed, last) = await phone.PullAllAsync(next);
        await phone.ExecuteAsync("DELETE FROM public.tasks WHERE id = 'host-' || $1", phone.Person.Id);
        var (gone, _) = await phone.PullAllAsync(last);

        Assert.Equal("Written by the host", Text(Assert.Single(written).GetProperty("fields"), "title"));
        Assert.Equal("done", Text(Assert.Single(changed).GetProperty("fields"), "status"));
        Assert.True(Assert.Single(gone).GetProperty("deleted").GetBoolean());
    }

    [Fact]
    public async Task Pull_RowThatMovedToAnotherPerson_IsATombstoneForOneAndNewForTheOther()
    {
        var (phone, other) = (await NewPhoneAsync(), await NewPhoneAsync());
        var (id, _) = await phone.NewTaskAsync("Wanders");
        var (_, cursor) = await phone.PullAllAsync();

        await phone.ExecuteAsync("UPDATE public.tasks SET \"userId\" = $2 WHERE id = $1", id, other.Person.Id);

        Assert.True(Assert.Single((await phone.PullAllAsync(cursor)).Changes).GetProperty("deleted").GetBoolean());
        Assert.Equal(id, Text(Assert.Single((await other.PullAllAsync()).Changes), "id"));
    }

    /// <summary>The loss that cursors of timestamps and sequences have: a version that appears after a later one was read.</summary>
    [Fact]
    public async Task Pull_WhileAnOlderWriteHasNotCommitted_LosesNothing()
    {
        var (phone, tablet) = await NewPairAsync();
        var (id, _) = await phone.NewTaskAsync("Slow");
        var (_, cursor) = await tablet.PullAllAsync();
        await using var slow = await portal.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await slow.ExecuteAsync("UPDATE public.tasks SET notes = 'late' WHERE id = $1", id);

        await phone.NewTaskAsync("Quick");
        var (before, next) = await tablet.PullAllAsync(cursor);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        var (after, _) = await tablet.PullAllAsync(next);

        Assert.Equal("Quick", Text(Assert.Single(before).GetProperty("fields"), "title"));
        Assert.Equal("late", Text(Assert.Single(after).GetProperty("fields"), "notes"));
    }

    [Fact]
    public async Task Pull_WithACursorOfAnotherPersonOrNone_IsReset()
    {
        var (phone, stranger) = (await NewPhoneAsync(), await NewPhoneAsync());
        await stranger.NewTaskAsync("A secret");
        var (_, foreign) = await stranger.PullAllAsync();

        (await phone.PullAsync(foreign)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        (await phone.PullAsync("not-a-cursor")).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
    }

    [Fact]
    public async Task Pull_AfterTombstonesWereForgotten_ExpiresUnlessItHadThem()
    {
        var phone = await NewPhoneAsync();
        var (id, version) = await phone.NewTaskAsync();
        var (_, old) = await phone.PullAllAsync();
        await phone.PushedAsync(SyncPhone.Delete(id, version));
        var (_, current) = await phone.PullAllAsync(old);
        await phone.ExecuteAsync("DELETE FROM sync.changes WHERE \"userId\" = $1 AND deleted", phone.Person.Id);
        await phone.ExecuteAsync("UPDATE sync.heads SET \"purgeFloor\" = version WHERE \"userId\" = $1", phone.Person.Id);

        (await phone.PullAsync(old)).IsProblem(HttpStatusCode.Gone, "cursor-expired");
        (await phone.PullAsync(current)).Data();
        Assert.Empty((await phone.PullAllAsync()).Changes);
    }

    [Fact]
    public async Task Pull_AfterATableWasEmptied_StartsOver()
    {
        await using var other = new ApiPortal(portal.Cluster);
        await other.InitializeAsync();
        var phone = await SyncPhone.PairAsync(other, await other.NewPersonAsync());
        await phone.NewTaskAsync();
        var (_, cursor) = await phone.PullAllAsync();

        await using (var owner = await other.OpenOwnerAsync())
            await owner.ExecuteAsync("TRUNCATE public.tasks CASCADE");

        (await phone.PullAsync(cursor)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        Assert.Empty((await phone.PullAllAsync()).Changes);
    }

    [Fact]
    public async Task Pull_EmptyPageWithNothingPending_SetsLastSyncedAtAndNothingWeaker()
    {
        var phone = await NewPhoneAsync();
        await phone.PushAsync([SyncPhone.Create(SyncPhone.NewId("c"), "t")], new { pending = 3 });
        var (_, cursor) = await phone.PullAllAsync();
        var whilePending = await LastSyncedAsync(phone);

        await phone.PushedAsync();
        await phone.PullAsync();
        var whileUnconfirmed = await LastSyncedAsync(phone);
        (await phone.PullAsync(cursor)).Data();

        Assert.Equal((null, null), (whilePending, whileUnconfirmed));
        Assert.NotNull(await LastSyncedAsync(phone));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task Pull_WithALimitOutOfBounds_IsInvalid(int limit) => (await (await NewPhoneAsync()).PullAsync(limit: limit)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task Requests_EveryOneThatWasAnswered_LeavesOneRow()
    {
        var phone = await NewPhoneAsync();
        await phone.NewTaskAsync();
        await phone.PullAsync();
        await phone.PullAsync("not-a-cursor");
        await phone.Api.PostTextAsync("/api/sync/push", "{ not json");
        await phone.Api.PostAsync("/api/sync/report", new { problem = "p" });
        (await phone.Person.Api.DeleteAsync($"/api/qr/pair/{phone.DeviceId}")).Data();
        (await phone.PullAsync()).IsProblem(HttpStatusCode.Unauthorized, "device-revoked");

        var rows = await phone.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', kind, status, problem), ', ' ORDER BY id) FROM sync.requests WHERE \"deviceId\" = $1", phone.DeviceId);

        Assert.Equal("register 200, push 200, pull 200, pull 409 cursor-reset, push 400 invalid-request, report 200, pull 401 device-revoked", rows);
        Assert.Equal(7L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.requests WHERE \"deviceId\" = $1 AND \"traceId\" IS NOT NULL", phone.DeviceId));
    }

    [Fact]
    public async Task Register_ByAnotherPersonsPairingOfTheSameDevice_BindsItAnew()
    {
        var (first, second) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        var old = await SyncPhone.PairAsync(portal, first);
        var (_, cursor) = await old.PullAllAsync();
        (await first.Api.DeleteAsync($"/api/qr/pair/{old.DeviceId}")).Data();
        var paired = await portal.PairAsync(second, old.DeviceId);
        var phone = old with { Person = second, Api = portal.Anyone(Text(paired, "sessionToken")) };

        (await phone.PullAsync()).IsProblem(HttpStatusCode.Forbidden, "device-not-yours");
        (await phone.RegisterAsync(pushToken: null)).Data();

        (await phone.PullAsync(cursor)).IsProblem(HttpStatusCode.Conflict, "cursor-reset");
        Assert.True(await phone.ScalarAsync<bool>("SELECT \"pushToken\" IS NULL AND \"userId\" = $2 FROM public.devices WHERE \"deviceId\" = $1", old.DeviceId, second.Id));
        Assert.Equal(2L, await phone.ScalarAsync<long>("SELECT count(*) FROM portal.device_events WHERE kind = 'sync-rebound' AND \"deviceId\" = $1", old.DeviceId));
    }

    [Fact]
    public async Task Sync_WithoutRegistration_SaysToRegister()
    {
        var paired = await portal.PairAsync(await portal.NewPersonAsync());

        (await portal.Anyone(Text(paired, "sessionToken")).GetAsync("/api/sync/pull")).IsProblem(HttpStatusCode.Conflict, "device-not-registered");
    }

    [Fact]
    public async Task Pull_TooOften_IsTooMany()
    {
        var phone = await NewPhoneAsync();
        ApiAnswer answer;
        var calls = 0;
        do
            answer = await phone.PullAsync();
        while (answer.Status == HttpStatusCode.OK && ++calls < 200);

        answer.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    private async Task<SyncPhone> NewPhoneAsync() => await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

    private async Task<(SyncPhone Phone, SyncPhone Tablet)> NewPairAsync()
    {
        var person = await portal.NewPersonAsync();
        return (await SyncPhone.PairAsync(portal, person), await SyncPhone.PairAsync(portal, person));
    }

    private static Task<DateTime?> LastSyncedAsync(SyncPhone phone) => phone.ScalarAsync<DateTime?>("SELECT \"lastSyncedAt\" FROM public.users WHERE id = $1", phone.Person.Id);
}
