using AdminPortal.Core.Activity;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Permissions;

/// <summary>A device asks, a person decides.</summary>
public sealed class PermissionRequestsTests(PairingDatabases databases) : PairingTest(databases)
{
    private static readonly DateTimeOffset Later = new(2099, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task AskAsync_NewScope_IsOpenAndGrantsNothing()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);

        var asked = Assert.Single(await AskAsync(phone, new(PermissionScope.ViewTranscript, Later)));

        Assert.Equal((RequestState.Open, PermissionScope.ViewTranscript, (DateTimeOffset?)Later), (asked.State, asked.Scope, asked.Until));
        Assert.Equal(1, await HeldAsync(phone));
        Assert.Contains(DeviceEventKind.PermissionRequested, await World.EventsAsync(owner));
        Assert.Equal(1, await NoticesAsync(phone, "permission-requested"));
    }

    [Fact]
    public async Task AskAsync_Again_AnswersTheSameRequest()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        var first = await AskAsync(phone, new(PermissionScope.ViewTranscript));

        var again = await AskAsync(phone, new(PermissionScope.ViewTranscript, Later));

        Assert.Equal(first[0].Id, again[0].Id);
        Assert.Equal(1, await NoticesAsync(phone, "permission-requested"));
    }

    [Fact]
    public async Task AskAsync_TwentyAtOnce_MakeOneRequest()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());

        var answers = await AtOnceAsync(20, _ => AskAsync(phone, new(PermissionScope.ViewTranscript)));

        Assert.Single(answers.Select(a => a[0].Id).Distinct());
    }

    [Fact]
    public async Task AskAsync_WhatItHolds_AsksNobody()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());

        Assert.Equal("held", (await AskAsync(phone, new(PermissionScope.WriteNotes)))[0].State);

        await ExpireGrantAsync(phone, "now() AT TIME ZONE 'utc' + interval '1 hour'");
        Assert.Equal(RequestState.Open, (await AskAsync(phone, new(PermissionScope.WriteNotes, Later)))[0].State);
    }

    [Fact]
    public async Task AskAsync_AfterARefusal_HearsItForADayAndCanAskAgainThen()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];
        Assert.IsType<DecideOutcome.Done>(await World.Decisions.RefuseAsync(owner, asked.Id!, "Not on this phone.", Token));

        var again = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];
        Assert.Equal((asked.Id, RequestState.Refused, "Not on this phone."), (again.Id, again.State, again.Answer));

        await World.ExecuteAsync("""UPDATE portal.permission_requests SET "createdAt" = now() - interval '25 hours' WHERE id = $1""", asked.Id!);
        Assert.Equal(RequestState.Open, (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0].State);
    }

    [Fact]
    public async Task AskAsync_TooOftenInADay_HasToWait()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        for (var i = 0; i < PermissionRequests.DailyLimit; i++)
        {
            var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];
            Assert.IsType<DecideOutcome.Done>(await World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token));
            await World.Permissions.ReplaceAsync(owner, phone.PairingId, [], Token);
        }

        var wait = Assert.IsType<AskOutcome.TooMany>(await World.Requests.AskAsync(Device(phone), phone.PairingId, [new(PermissionScope.ViewTranscript)], null, Token));
        Assert.InRange(wait.RetryAfter, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task AskAsync_Malformed_IsInvalid()
    {
        var phone = await World.PairAsync(await World.NewPersonAsync());
        ScopeGrant notes = new(PermissionScope.ViewTranscript);
        (ScopeGrant[] Wanted, string? Reason)[] malformed =
            [([], null), ([notes, notes], null), ([notes with { ExpiresAt = Later.AddYears(-90) }], null), ([new((PermissionScope)99)], null), ([notes], new string('x', 201)), ([notes], "a\0b")];

        foreach (var (wanted, reason) in malformed)
            Assert.IsType<AskOutcome.Invalid>(await World.Requests.AskAsync(Device(phone), phone.PairingId, wanted, reason, Token));
    }

    [Theory]
    [InlineData(AccountRole.User, true, typeof(DecideOutcome.Done))]
    [InlineData(AccountRole.User, false, typeof(DecideOutcome.NotFound))]
    [InlineData(AccountRole.Support, false, typeof(DecideOutcome.NotAllowed))]
    [InlineData(AccountRole.Support, true, typeof(DecideOutcome.Done))]
    [InlineData(AccountRole.Admin, false, typeof(DecideOutcome.Done))]
    public async Task GrantAsync_ByRole_IsForOwnersAndAdmins(AccountRole role, bool owns, Type expected)
    {
        var actor = await World.NewPersonAsync(role);
        var phone = await World.PairAsync(owns ? actor : await World.NewPersonAsync());
        var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];

        var outcome = await World.Decisions.GrantAsync(actor, asked.Id!, Later, "Fine.", Token);

        Assert.IsType(expected, outcome);
        Assert.Equal(expected == typeof(DecideOutcome.Done) ? 2 : 1, await HeldAsync(phone));
        Assert.Equal(expected == typeof(DecideOutcome.Done) ? 1 : 0, await NoticesAsync(phone, "permission-decided"));
    }

    [Fact]
    public async Task GrantAsync_FullAccess_IsForAdminsAndAnOwnerMayRefuseIt()
    {
        var (owner, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        var phone = await World.PairAsync(owner);
        var asked = (await AskAsync(phone, new(PermissionScope.FullAccess)))[0];

        Assert.Equal(new DecideOutcome.NotAllowed(PermissionScope.FullAccess), await World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token));
        Assert.Equal(1, await World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND detail LIKE '%(needs an admin)'""", phone.PairingId));
        Assert.IsType<DecideOutcome.Done>(await World.Decisions.GrantAsync(admin, asked.Id!, Later, null, Token));
    }

    [Fact]
    public async Task Deciding_TwoAtOnce_TheSecondIsToldWhatTheFirstDid()
    {
        var (owner, admin) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Admin));
        for (var round = 0; round < 10; round++)
        {
            var phone = await World.PairAsync(owner);
            var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];

            var outcomes = await AtOnceAsync(2, i => i == 0
                ? World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token)
                : World.Decisions.RefuseAsync(admin, asked.Id!, null, Token));

            Assert.Single(outcomes.OfType<DecideOutcome.Done>());
            var second = Assert.Single(outcomes.OfType<DecideOutcome.AlreadyDecided>());
            var granted = outcomes[0] is DecideOutcome.Done;
            Assert.Equal(granted ? (RequestState.Granted, owner.Name) : (RequestState.Refused, admin.Name), (second.State, second.By));
            Assert.Equal(granted ? 2 : 1, await HeldAsync(phone));
            Assert.Equal(1, await NoticesAsync(phone, "permission-decided"));
        }
    }

    [Fact]
    public async Task GrantAsync_PairingEndedMeanwhile_GrantsNothing()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];
        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        Assert.Equal(RequestState.Void, Assert.IsType<DecideOutcome.AlreadyDecided>(await World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token)).State);
        Assert.Empty((await World.Queue.RequestsAsync(owner, null, null, 50, Token)).Rows);
        Assert.IsType<AskOutcome.NotActive>(await World.Requests.AskAsync(Device(phone), phone.PairingId, [new(PermissionScope.ViewTranscript)], null, Token));
    }

    [Fact]
    public async Task GrantAsync_UnderQuarantine_HasToWaitForTheRelease()
    {
        var owner = await World.NewPersonAsync();
        var phone = await World.PairAsync(owner);
        var asked = (await AskAsync(phone, new(PermissionScope.ViewTranscript)))[0];
        await World.QuarantineAsync(phone.PairingId);

        Assert.IsType<DecideOutcome.NotActive>(await World.Decisions.GrantAsync(owner, asked.Id!, null, null, Token));
        Assert.Equal(1, await HeldAsync(phone));
    }

    [Fact]
    public async Task Queue_ByRole_ShowsOwnOrEveryonesPageByPage()
    {
        var (owner, other, support) = (await World.NewPersonAsync(), await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Support));
        List<string> asked = [];
        for (var i = 0; i < 3; i++)
            asked.Add((await AskAsync(await World.PairAsync(owner), new(PermissionScope.ViewTranscript)))[0].Id!);

        var first = await World.Queue.RequestsAsync(owner, null, null, 2, Token);
        var second = await World.Queue.RequestsAsync(owner, null, first.NextCursor, 2, Token);

        Assert.Equal(asked, first.Rows.Concat(second.Rows).Select(r => r.Id));
        Assert.Equal(new Core.Lists.Tally(3), first.Matching);
        Assert.Empty((await World.Queue.RequestsAsync(other, null, null, 50, Token)).Rows);
        Assert.Subset((await World.Queue.RequestsAsync(support, null, null, 200, Token)).Rows.Select(r => r.Id).ToHashSet(), asked.ToHashSet());
    }

    [Fact]
    public async Task Ending_HoldsGrantsOfTheNextSevenDaysOnly()
    {
        var owner = await World.NewPersonAsync();
        var soon = await World.PairAsync(owner);
        await ExpireGrantAsync(soon, "now() AT TIME ZONE 'utc' + interval '7 days' - interval '1 minute'");
        await ExpireGrantAsync(await World.PairAsync(owner), "now() AT TIME ZONE 'utc' + interval '7 days 1 minute'");
        await ExpireGrantAsync(await World.PairAsync(owner), "now() AT TIME ZONE 'utc' - interval '1 second'");
        await World.PairAsync(owner);

        Assert.Equal([soon.PairingId], (await World.Queue.EndingAsync(owner, null, 50, Token)).Rows.Select(r => r.PairingId));
    }

    [Fact]
    public async Task ExtendAsync_TwoClicksAtOnce_AddThirtyDaysOnce()
    {
        var (owner, support, stranger) = (await World.NewPersonAsync(), await World.NewPersonAsync(AccountRole.Support), await World.NewPersonAsync());
        var phone = await World.PairAsync(owner);
        await ExpireGrantAsync(phone, "date_trunc('milliseconds', now() AT TIME ZONE 'utc') + interval '3 days'");
        var row = Assert.Single((await World.Queue.EndingAsync(owner, null, 50, Token)).Rows);

        Assert.IsType<ExtendOutcome.NotAllowed>(await World.Extensions.ExtendAsync(support, row.Id, row.EndsAt, Token));
        Assert.IsType<ExtendOutcome.NotFound>(await World.Extensions.ExtendAsync(stranger, row.Id, row.EndsAt, Token));
        var outcomes = await AtOnceAsync(2, _ => World.Extensions.ExtendAsync(owner, row.Id, row.EndsAt, Token));

        Assert.Equal(row.EndsAt.AddDays(30), Assert.Single(outcomes.OfType<ExtendOutcome.Done>()).Until.UtcDateTime);
        Assert.Single(outcomes.OfType<ExtendOutcome.ChangedMeanwhile>());
        Assert.Empty((await World.Queue.EndingAsync(owner, null, 50, Token)).Rows);
    }

    private static Actor Device(PairedPhone phone) => new($"device:{phone.PairingId}", "Test phone", null, null, null);

    private async Task<IReadOnlyList<AskedScope>> AskAsync(PairedPhone phone, ScopeGrant wanted) =>
        Assert.IsType<AskOutcome.Asked>(await World.Requests.AskAsync(Device(phone), phone.PairingId, [wanted], "The visit takes longer.", Token)).Scopes;

    private Task<int> ExpireGrantAsync(PairedPhone phone, string sql) =>
        World.ExecuteAsync($"""UPDATE public.device_permissions SET "expiresAt" = {sql} WHERE "devicePairingId" = $1""", phone.PairingId);

    private Task<long> HeldAsync(PairedPhone phone) =>
        World.ScalarAsync<long>("""SELECT count(*) FROM public.device_permissions WHERE "devicePairingId" = $1""", phone.PairingId);

    private Task<long> NoticesAsync(PairedPhone phone, string kind) =>
        World.ScalarAsync<long>("""SELECT count(*) FROM portal.notice_outbox WHERE "pairingId" = $1 AND kind = $2""", phone.PairingId, kind);
}
