using System.Net;
using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>What a report may hold, and how it is told what it may not.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncReportTests(ApiPortal portal)
{
    [Theory]
    [InlineData("""{"details":{"a":[1,{"b":"\ud800"}]}}""", "details.a[1].b")]
    [InlineData("""{"details":{"\udc00x":1}}""", "details")]
    [InlineData("""{"details":{"n":1e999999}}""", "details.n")]
    [InlineData("""{"details":{"n":{"m":-1E400}}}""", "details.n.m")]
    [InlineData("""{"details":{"n":1e-999999}}""", "details.n")]
    [InlineData("""{"details":{"t":"a\u0000b"}}""", "details.t")]
    [InlineData("""{"details":{"a\u0000":1}}""", "details")]
    [InlineData("""{"problem":"a\u0000b"}""", "problem")]
    [InlineData("""{"appVersion":"1\u0000"}""", "appVersion")]
    public async Task Report_ThatNoDatabaseTakes_IsRefusedByItsPlace(string body, string place)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        var detail = (await phone.Api.PostTextAsync("/api/sync/report", body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("detail").GetString()!;

        Assert.StartsWith($"{place} ", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"problem":"\ud800"}""")]
    [InlineData("""{"appVersion":"\ud800"}""")]
    [InlineData("""{"state":{"pending":1e999999}}""")]
    public async Task Report_OfTextOrNumbersThatAreNone_IsRefused(string body)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        (await phone.Api.PostTextAsync("/api/sync/report", body)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("""{"details":{"pi":3.14159265358979323846264338327950288,"big":1e308,"small":1e-300,"emoji":"\ud83d\ude00","back":"\\u0000"}}""")]
    [InlineData("""{"details":{}}""")]
    [InlineData("""{"details":null}""")]
    public async Task Report_ThatCanBeKept_IsKept(string body)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        (await phone.Api.PostTextAsync("/api/sync/report", body)).Data();

        Assert.True(await phone.ScalarAsync<bool>("SELECT report ? 'details' FROM sync.device_state WHERE \"deviceId\" = $1", phone.DeviceId));
    }

    [Theory]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"\ud800","fields":{"title":"t"}}""")]
    [InlineData("""{"opId":"OP","entity":"task","op":"create","clientId":"a\u0000b","fields":{"title":"t"}}""")]
    [InlineData("""{"opId":"OP","entity":"focusSession","op":"create","clientId":"c","fields":{"startedAt":"2030-01-01T08:00:00Z","durationSeconds":1e999999}}""")]
    public async Task Push_OfWhatNoDatabaseTakes_IsRejectedAlone(string op)
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());

        var answer = await phone.Api.PostTextAsync("/api/sync/push", $$"""{"schemaVersion":1,"ops":[{{op.Replace("OP", SyncPhone.NewId("op"), StringComparison.Ordinal)}}]}""");

        Assert.Equal("rejected", answer.Data().GetProperty("results")[0].GetProperty("status").GetString());
    }
}
