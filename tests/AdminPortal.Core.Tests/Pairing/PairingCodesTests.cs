using System.Buffers.Text;
using System.Text.Json;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Tests.Pairing;

/// <summary>Making a code: what is bound to it, who may, and what is refused.</summary>
public sealed class PairingCodesTests(PairingDatabases databases) : PairingTest(databases)
{
    private static readonly ScopeGrant Notes = new(PermissionScope.WriteNotes);

    [Fact]
    public async Task CreateAsync_ScopesChosen_BindsThemToTheCode()
    {
        var user = await World.NewPersonAsync();
        var until = new DateTimeOffset(2099, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var code = await World.NewCodeAsync(user, new CodeRequest([Notes, new(PermissionScope.ViewTranscript, until)], DeviceType.Tablet, " Ward tablet ", 7));

        Assert.Equal([Notes, new(PermissionScope.ViewTranscript, until)], await World.Codes.LastChoiceAsync(user.UserId!, Token));
        Assert.Equal(
            $"{user.UserId} open TABLET Ward tablet 7 {user.Address}",
            await World.ScalarAsync<string>("""SELECT concat_ws(' ', "userId", state, "expectedDeviceType", "chosenDeviceName", "pairingDays", "createdAddress") FROM portal.pairing_sessions WHERE id = $1""", code.SessionId));
        Assert.Equal(120.0, await World.ScalarAsync<double>("""SELECT extract(epoch FROM "expiresAt" - "createdAt")::float FROM portal.pairing_sessions WHERE id = $1""", code.SessionId));
    }

    [Fact]
    public async Task CreateAsync_Always_PutsThePayloadOfTheGuideInTheAddress()
    {
        var user = await World.NewPersonAsync();

        var code = await World.NewCodeAsync(user);

        Assert.StartsWith("https://portal.example.org/p#", code.Url, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Base64Url.DecodeFromChars(code.Url.Split('#')[1])).RootElement;
        Assert.Equal(["sessionId", "userId", "pairingCode", "expiresAt", "ttl"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(code.SessionId, json.GetProperty("sessionId").GetString());
        Assert.Equal(user.UserId, json.GetProperty("userId").GetString());
        Assert.Equal(code.ExpiresAt.ToUnixTimeMilliseconds(), json.GetProperty("expiresAt").GetInt64());
        Assert.Equal(120, json.GetProperty("ttl").GetInt32());
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", code.ShortCode);
    }

    [Fact]
    public async Task CreateAsync_FullAccessByAUser_IsNotAllowed()
    {
        var request = new CodeRequest([new(PermissionScope.FullAccess)]);

        Assert.IsType<CreateCodeOutcome.NotAllowed>(await World.Codes.CreateAsync(await World.NewPersonAsync(), request, Token));
        Assert.IsType<CreateCodeOutcome.NotAllowed>(await World.Codes.CreateAsync(await World.NewPersonAsync(AccountRole.Support), request, Token));
        Assert.IsType<CreateCodeOutcome.Created>(await World.Codes.CreateAsync(await World.NewPersonAsync(AccountRole.Admin), request, Token));
    }

    [Fact]
    public async Task CreateAsync_ByADeviceActingForItsUser_IsNotAllowed()
    {
        var user = await World.NewPersonAsync();
        var device = user with { Id = "device:1", Role = null };

        Assert.IsType<CreateCodeOutcome.NotAllowed>(await World.Codes.CreateAsync(device, new CodeRequest([Notes]), Token));
    }

    public static TheoryData<CodeRequest> Malformed => new(
        new CodeRequest([]),
        new CodeRequest([Notes, Notes]),
        new CodeRequest([Notes with { ExpiresAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) }]),
        new CodeRequest([new((PermissionScope)99)]),
        new CodeRequest([Notes], (DeviceType)99),
        new CodeRequest([Notes], DeviceName: new string('x', 81)),
        new CodeRequest([Notes], DeviceName: "a\u0000b"),
        new CodeRequest([Notes], PairingDays: 0),
        new CodeRequest([Notes], PairingDays: 366));

    [Theory, MemberData(nameof(Malformed))]
    public async Task CreateAsync_MalformedRequest_IsInvalid(CodeRequest request)
    {
        var user = await World.NewPersonAsync(AccountRole.Admin);

        Assert.IsType<CreateCodeOutcome.Invalid>(await World.Codes.CreateAsync(user, request, Token));
        Assert.Empty(await World.Codes.LastChoiceAsync(user.UserId!, Token));
    }

    [Fact]
    public async Task CreateAsync_AccountWithoutPerson_IsNotLinked()
    {
        var user = await World.NewPersonAsync();

        Assert.IsType<CreateCodeOutcome.NotLinked>(await World.Codes.CreateAsync(user with { UserId = null }, new CodeRequest([Notes]), Token));
        Assert.IsType<CreateCodeOutcome.NotLinked>(await World.Codes.CreateAsync(user with { UserId = "nobody" }, new CodeRequest([Notes]), Token));
    }

    [Fact]
    public async Task CreateAsync_EleventhInAMinute_IsTooManyForThatAccountOnly()
    {
        var user = await World.NewPersonAsync();
        for (var i = 0; i < 10; i++)
            await World.NewCodeAsync(user);

        var refused = Assert.IsType<CreateCodeOutcome.TooMany>(await World.Codes.CreateAsync(user, new CodeRequest([Notes]), Token));

        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        await World.NewCodeAsync(await World.NewPersonAsync());
    }
}
