using AdminPortal.Web.Tests.Hosting;

namespace AdminPortal.Web.Tests.Sync;

/// <summary>A push token leads to one installation of one app: whoever registered it last.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class SyncRegistrationTests(ApiPortal portal)
{
    private const string TokenOf = """SELECT d."pushToken" || (s."pushTokenAt" IS NOT NULL) FROM public.devices d JOIN sync.device_state s USING ("deviceId") WHERE d."deviceId" = $1""";

    [Fact]
    public async Task Register_WithATokenOfAnotherDevice_TakesItFromThere()
    {
        var (old, other) = (await NewPhoneAsync(), await NewPhoneAsync());
        var (taken, kept) = ($"token-{old.DeviceId}", $"token-{other.DeviceId}");
        (await old.RegisterAsync(pushToken: taken)).Data();
        (await other.RegisterAsync(pushToken: kept)).Data();

        var replacement = await NewPhoneAsync();
        (await replacement.RegisterAsync(pushToken: taken)).Data();

        Assert.Null(await old.ScalarAsync<string>(TokenOf, old.DeviceId));
        Assert.Null(await old.ScalarAsync<DateTime?>("""SELECT "pushTokenAt" FROM sync.device_state WHERE "deviceId" = $1""", old.DeviceId));
        Assert.Equal(taken + "true", await old.ScalarAsync<string>(TokenOf, replacement.DeviceId));
        Assert.Equal(kept + "true", await old.ScalarAsync<string>(TokenOf, other.DeviceId));
    }

    [Fact]
    public async Task Register_OneTokenOnManyDevicesAtOnce_LeavesItOnOne()
    {
        var phones = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => NewPhoneAsync()));
        var token = $"token-{phones[0].DeviceId}";

        var answers = await Task.WhenAll(phones.Select(phone => phone.RegisterAsync(pushToken: token)));

        Assert.All(answers, answer => answer.Data());
        Assert.Equal(1L, await phones[0].ScalarAsync<long>("""SELECT count(*) FROM public.devices WHERE "pushToken" = $1""", token));
    }

    private async Task<SyncPhone> NewPhoneAsync()
    {
        var phone = await SyncPhone.PairAsync(portal, await portal.NewPersonAsync());
        (await phone.RegisterAsync(pushToken: null)).Data();
        return phone;
    }
}
