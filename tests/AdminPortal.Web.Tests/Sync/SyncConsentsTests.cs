using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Activity;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>Words of a person leave the database for themselves, and for whoever typed their code, and for nobody else.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncConsentsTests(ApiPortal portal)
{
    private static readonly Actor Support = new("support-1", "Sam", AccountRole.Support, null, null);
    private static readonly Actor Colleague = new("support-2", "Sue", AccountRole.Support, null, null);
    private static readonly Actor Admin = new("admin", "Ada", AccountRole.Admin, null, null);

    private SyncConsents Consents => portal.Portal.Services.GetRequiredService<SyncConsents>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redeem_OfTheRightCode_ShowsTheWordsToThatOneOnly_AndIsInTheHistory()
    {
        var phone = await PhoneWithWordsAsync();
        Assert.False(await SeesAsync(Support, phone) || await SeesAsync(Admin, phone));
        Assert.True(await SeesAsync(Own(phone), phone));
        var code = (await Consents.OfferAsync(Own(phone), Token))!;
        Assert.Matches("^[0-9]{6}$", code);
        Assert.False(await SeesAsync(Support, phone));

        Assert.IsType<RedeemOutcome.Opened>(await Consents.RedeemAsync(Support, phone.Person.Id, $"{code[..3]} {code[3..]}", Token));

        Assert.True(await SeesAsync(Support, phone));
        Assert.False(await SeesAsync(Colleague, phone) || await SeesAsync(Admin, phone));
        Assert.IsType<RedeemOutcome.NoCode>(await Consents.RedeemAsync(Colleague, phone.Person.Id, code, Token)); // works once
        Assert.Equal("Sam", (await DetailAsync(Own(phone), phone)).Consent.GivenTo);

        Assert.True(await Consents.EndAsync(Own(phone), phone.Person.Id, Token));
        Assert.False(await SeesAsync(Support, phone));
        Assert.Equal((1L, 1L), (await EventsAsync(phone, DeviceEventKind.ConsentGiven), await EventsAsync(phone, DeviceEventKind.ConsentEnded)));
    }

    [Fact]
    public async Task Redeem_FiveWrongCodes_EndTheRightOne()
    {
        var phone = await PhoneWithWordsAsync();
        var code = (await Consents.OfferAsync(Own(phone), Token))!;
        var wrong = ((int.Parse(code, CultureInfo.InvariantCulture) + 1) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

        for (var left = SyncConsents.MostMisses - 1; left >= 0; left--)
            Assert.Equal(left, Assert.IsType<RedeemOutcome.WrongCode>(await Consents.RedeemAsync(Support, phone.Person.Id, wrong, Token)).Left);

        Assert.IsType<RedeemOutcome.NoCode>(await Consents.RedeemAsync(Support, phone.Person.Id, code, Token));
        Assert.False(await SeesAsync(Support, phone));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Time_EndsTheCodeAndTheView(bool typed)
    {
        var phone = await PhoneWithWordsAsync();
        var code = (await Consents.OfferAsync(Own(phone), Token))!;
        if (typed)
            await Consents.RedeemAsync(Support, phone.Person.Id, code, Token);
        Assert.InRange(
            await phone.ScalarAsync<double>("SELECT extract(epoch FROM \"expiresAt\" - now())::float8 / 60 FROM sync.consents WHERE \"userId\" = $1", phone.Person.Id), typed ? 29 : 9, typed ? 30 : 10);
        await phone.ExecuteAsync("UPDATE sync.consents SET \"expiresAt\" = now() - interval '1 second' WHERE \"userId\" = $1", phone.Person.Id);

        Assert.IsType<RedeemOutcome.NoCode>(await Consents.RedeemAsync(Support, phone.Person.Id, code, Token));
        Assert.False(await SeesAsync(Support, phone));
    }

    [Fact]
    public async Task Offer_ANewCode_EndsTheOldOne_AndNoCodeIsStored()
    {
        var phone = await PhoneWithWordsAsync();
        var first = (await Consents.OfferAsync(Own(phone), Token))!;
        var second = (await Consents.OfferAsync(Own(phone), Token))!;

        Assert.NotEqual(first == second, Assert.IsType<bool>(await Consents.RedeemAsync(Support, phone.Person.Id, first, Token) is RedeemOutcome.WrongCode));
        Assert.Equal(0L, await phone.ScalarAsync<long>("SELECT count(*) FROM sync.consents c WHERE \"userId\" = $1 AND (c::text LIKE '%' || $2 || '%' OR \"codeHash\" = sha256(convert_to($2, 'UTF8')))", phone.Person.Id, second));
    }

    [Fact]
    public async Task Redeem_ByAUser_IsRefused_AndOnlyThePartiesEndIt()
    {
        var phone = await PhoneWithWordsAsync();
        var code = (await Consents.OfferAsync(Own(phone), Token))!;
        var stranger = new Actor("other", "Ben", AccountRole.User, (await portal.NewPersonAsync()).Id, null);

        Assert.IsType<RedeemOutcome.NotAllowed>(await Consents.RedeemAsync(stranger, phone.Person.Id, code, Token));
        await Consents.RedeemAsync(Support, phone.Person.Id, code, Token);
        Assert.False(await Consents.EndAsync(stranger, phone.Person.Id, Token));
        Assert.False(await Consents.EndAsync(Colleague, phone.Person.Id, Token));
        Assert.True(await Consents.EndAsync(Support, phone.Person.Id, Token));
        Assert.Null(await Consents.OfferAsync(Actor.Anonymous(null), Token));
    }

    private async Task<SyncPhone> PhoneWithWordsAsync()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        var tablet = await SyncPhone.PairAsync(portal, phone.Person);
        var (id, version) = await phone.NewTaskAsync("Secret title");
        await tablet.PushedAsync(SyncPhone.Update(id, version, new { title = "Secret of the tablet" }));
        await phone.PushedAsync(SyncPhone.Update(id, version, new { title = "Secret of the phone" }), new { opId = SyncPhone.NewId("op"), entity = "task", op = "create", clientId = SyncPhone.NewId("c"), fields = new { title = "", notes = "Secret notes" } });
        return phone;
    }

    /// <summary>All of the words or none of them: everything that the page shows and the trace.</summary>
    private async Task<bool> SeesAsync(Actor actor, SyncPhone phone)
    {
        var detail = await DetailAsync(actor, phone);
        var id = detail.Conflicts.Single().EntityId;
        var trace = (await portal.Portal.Services.GetRequiredService<SyncTraces>().FindAsync(actor, phone.Person.Id, id, Token))!;
        var all = System.Text.Json.JsonSerializer.Serialize(new { detail, trace });
        var words = (string[])["Secret of the tablet", "Secret of the phone", "Secret notes"];
        Assert.True(words.All(w => all.Contains(w, StringComparison.Ordinal)) || !all.Contains("Secret", StringComparison.Ordinal), all);
        return all.Contains("Secret", StringComparison.Ordinal);
    }

    private async Task<SyncDetail> DetailAsync(Actor actor, SyncPhone phone) => (await portal.Portal.Services.GetRequiredService<SyncDetails>().FindAsync(actor, phone.DeviceId, Token))!;

    private static Actor Own(SyncPhone phone) => new($"account-of-{phone.Person.Id}", "Anna", AccountRole.User, phone.Person.Id, null);

    private static Task<long> EventsAsync(SyncPhone phone, string kind) => phone.ScalarAsync<long>("SELECT count(*) FROM portal.device_events WHERE \"userId\" = $1 AND kind = $2", phone.Person.Id, kind);
}
