using System.Net;
using System.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Scim;

/// <summary>What directories send, over HTTP: the examples of RFC 7643 and 7644, and the requests of Entra ID and Okta as they document them.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ScimApiTests(ApiPortal portal)
{
    private const string Users = "/scim/v2/Users";
    private static readonly Actor Admin = new("admin", "Admin", AccountRole.Admin, null, null);
    private static int _count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_AsTheRfcHasIt_IsReadAgainAsItWas()
    {
        var directory = await DirectoryAsync();
        var name = NewName();

        var made = await SendAsync(directory, HttpMethod.Post, Users, $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{name}}","externalId":"{{name}}-ext",
             "name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara"},
             "emails":[{"value":"home-{{name}}@example.com","type":"home"},{"value":"{{name}}@example.com","type":"work","primary":true}]}
            """);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        var user = made.Json;
        Assert.Equal("urn:ietf:params:scim:schemas:core:2.0:User", user.GetProperty("schemas")[0].GetString());
        Assert.Equal(user.GetProperty("meta").GetProperty("location").GetString(), made.Headers.Location?.ToString());
        Assert.EndsWith($"{Users}/{Text(user, "id")}", made.Headers.Location!.ToString(), StringComparison.Ordinal);
        var read = (await directory.GetAsync($"{Users}/{Text(user, "id")}")).Json;
        Assert.Equal(user.GetRawText(), read.GetRawText());
        Assert.Equal((name, $"{name}-ext", true), (Text(read, "userName"), Text(read, "externalId"), read.GetProperty("active").GetBoolean()));
        Assert.Equal(("Barbara", "Jensen"), (Text(read.GetProperty("name"), "givenName"), Text(read.GetProperty("name"), "familyName")));
        Assert.Equal($"{name}@example.com", Text(read.GetProperty("emails")[0], "value"));
        var account = await AccountAsync(Text(read, "id"));
        Assert.Equal((AccountRole.User, $"{name}@example.com", null), (account.Role, account.Email, account.DisabledAt));
    }

    [Fact]
    public async Task Create_OfAUserNameOrAddressThatIsThere_IsAConflict()
    {
        var directory = await DirectoryAsync();
        var name = NewName();
        await MadeAsync(directory, name);

        var again = await SendAsync(directory, HttpMethod.Post, Users, $$"""{"userName":"{{name.ToUpperInvariant()}}@EXAMPLE.com"}""");
        var other = await SendAsync(directory, HttpMethod.Post, Users, $$"""{"userName":"other-{{name}}","emails":[{"value":"{{name}}@example.com"}]}""");

        foreach (var answer in new[] { again, other })
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", answer.Json.GetProperty("schemas")[0].GetString());
            Assert.Equal(("409", "uniqueness"), (Text(answer.Json, "status"), Text(answer.Json, "scimType")));
        }
    }

    [Theory]
    [InlineData("not json", "invalidSyntax")]
    [InlineData("[]", "invalidSyntax")]
    [InlineData("""{"displayName":"nobody"}""", "invalidValue")]
    [InlineData("""{"userName":"no-address"}""", "invalidValue")]
    [InlineData("""{"userName":5}""", "invalidValue")]
    [InlineData("""{"userName":"a@example.com","active":"perhaps"}""", "invalidValue")]
    [InlineData("""{"userName":"a@example.com","emails":5}""", "invalidValue")]
    [InlineData("""{"userName":"a@example.com","displayName":"\u0000"}""", "invalidValue")]
    [InlineData("""{"userName":"a@example.com","name":"Anna"}""", "invalidValue")]
    public async Task Create_WithABodyThatIsNotRight_SaysWhatIsWrong(string body, string type)
    {
        var answer = await SendAsync(await DirectoryAsync(), HttpMethod.Post, Users, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(("400", type), (Text(answer.Json, "status"), Text(answer.Json, "scimType")));
    }

    [Fact]
    public async Task List_ByUserName_FindsOne_AndPagesAreCut()
    {
        var directory = await DirectoryAsync();
        var name = NewName();
        var id = await MadeAsync(directory, name);
        await MadeAsync(directory, NewName());

        var found = (await directory.GetAsync($"{Users}?filter={Uri.EscapeDataString($"userName eq \"{name.ToUpperInvariant()}@example.com\"")}")).Json;
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:ListResponse", found.GetProperty("schemas")[0].GetString());
        Assert.Equal((1, 1, 1), (found.GetProperty("totalResults").GetInt32(), found.GetProperty("startIndex").GetInt32(), found.GetProperty("itemsPerPage").GetInt32()));
        Assert.Equal(id, Text(found.GetProperty("Resources")[0], "id"));

        var none = (await directory.GetAsync($"{Users}?filter={Uri.EscapeDataString("userName eq \"59f2c2f1-0a3c-4b0e-9e9b-5b1f1f0e2d1a\"")}")).Json; // how Entra ID tries a connection
        Assert.Equal((0, 0), (none.GetProperty("totalResults").GetInt32(), none.GetProperty("Resources").GetArrayLength()));

        var page = (await directory.GetAsync($"{Users}?startIndex=2&count=1")).Json;
        Assert.Equal((2, 1), (page.GetProperty("startIndex").GetInt32(), page.GetProperty("itemsPerPage").GetInt32()));
        Assert.True(page.GetProperty("totalResults").GetInt32() >= 2);
        Assert.Equal(0, (await directory.GetAsync($"{Users}?count=0")).Json.GetProperty("Resources").GetArrayLength());

        var external = (await directory.GetAsync($"{Users}?filter={Uri.EscapeDataString($"externalId eq \"{name}-ext\"")}")).Json;
        Assert.Equal(id, Text(external.GetProperty("Resources")[0], "id"));
        var wrong = await directory.GetAsync($"{Users}?filter={Uri.EscapeDataString("title co \"boss\"")}");
        Assert.Equal((HttpStatusCode.BadRequest, "invalidFilter"), (wrong.Status, Text(wrong.Json, "scimType")));
    }

    /// <summary>An account that was there before the directory is taken over, not doubled.</summary>
    [Fact]
    public async Task List_ByUserName_FindsAnAccountThatAnAdminMade()
    {
        var person = await portal.NewPersonAsync();

        var found = (await (await DirectoryAsync()).GetAsync($"{Users}?filter={Uri.EscapeDataString($"userName eq \"{person.Email}\"")}")).Json;

        Assert.Equal(person.Email, Text(found.GetProperty("Resources")[0], "userName"));
    }

    [Fact]
    public async Task Replace_AsTheRfcHasIt_WritesTheWholeUser()
    {
        var directory = await DirectoryAsync();
        var name = NewName();
        var id = await MadeAsync(directory, name);

        var answer = await SendAsync(directory, HttpMethod.Put, $"{Users}/{id}", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{{id}}","userName":"{{name}}","externalId":"{{name}}-2",
             "name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara","middleName":"Jane"},
             "roles":[],"emails":[{"value":"new-{{name}}@example.com"},{"value":"babs-{{name}}@jensen.org"}],"meta":{"version":"W/\"1\""} }
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(($"{name}-2", $"new-{name}@example.com"), (Text(answer.Json, "externalId"), Text(answer.Json.GetProperty("emails")[0], "value")));
        Assert.False(answer.Json.TryGetProperty("displayName", out _)); // what is not in a whole user is taken away
        Assert.Equal($"new-{name}@example.com".ToUpperInvariant(), (await AccountAsync(id)).NormalizedEmail);
        await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", """{"Operations":[{"op":"replace","path":"active","value":false}]}""");
        Assert.False((await SendAsync(directory, HttpMethod.Put, $"{Users}/{id}", $$"""{"userName":"{{name}}@example.com"}""")).Json.GetProperty("active").GetBoolean()); // nobody said that they are back
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(directory, HttpMethod.Put, $"{Users}/nobody", $$"""{"userName":"x-{{name}}@example.com"}""")).Status);
    }

    [Theory]
    [InlineData("RFC 7644", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}""")]
    [InlineData("Okta", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}""")]
    [InlineData("Entra ID", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}""")]
    [InlineData("Entra ID, aadOptscim062020", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}""")]
    [InlineData("with the schema", """{"Operations":[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}]}""")]
    [InlineData("delete", null)]
    [InlineData("put", "put")]
    public async Task Deactivate_EndsTheSessionsAndTheDevices(string way, string? body)
    {
        var directory = await DirectoryAsync();
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        var device = portal.Anyone(Text(paired, "sessionToken"));
        Assert.Equal(HttpStatusCode.OK, (await device.GetAsync("/api/qr/pair")).Status);
        var id = Text((await directory.GetAsync($"{Users}?filter={Uri.EscapeDataString($"userName eq \"{person.Email}\"")}")).Json.GetProperty("Resources")[0], "id");

        var answer = body switch
        {
            null => await directory.DeleteAsync($"{Users}/{id}"),
            "put" => await SendAsync(directory, HttpMethod.Put, $"{Users}/{id}", $$"""{"userName":"{{person.Email}}","active":false}"""),
            _ => await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", body),
        };

        Assert.True(answer.Status == (body is null ? HttpStatusCode.NoContent : HttpStatusCode.OK), way);
        Assert.NotNull((await AccountAsync(id)).DisabledAt);
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.GetAsync("/api/qr/pair")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await person.Api.GetAsync("/api/auth/csrf")).Status);
        Assert.Equal(body is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await directory.GetAsync($"{Users}/{id}")).Status);

        var back = body is null
            ? await SendAsync(directory, HttpMethod.Post, Users, $$"""{"userName":"{{person.Email}}","active":true}""")
            : await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", """{"Operations":[{"op":"replace","path":"active","value":true}]}""");
        Assert.Equal(id, Text(back.Json, "id"));
        Assert.Null((await AccountAsync(id)).DisabledAt);
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.GetAsync("/api/qr/pair")).Status); // the device is paired again
    }

    /// <summary>As Entra ID sends changes of attributes, with and without paths, and with attributes that the portal does not keep.</summary>
    [Fact]
    public async Task Patch_OfAttributes_AsEntraSendsThem()
    {
        var directory = await DirectoryAsync();
        var name = NewName();
        var id = await MadeAsync(directory, name);

        var answer = await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
              {"op":"Replace","path":"name.givenName","value":"Zoë"},
              {"op":"Add","path":"emails[type eq \"work\"].value","value":"{{name}}@example.org"},
              {"op":"Replace","path":"userName","value":"{{name}}@example.org"},
              {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Ward 3"},
              {"op":"Replace","value":{"displayName":"Zoë M.","name.familyName":"Maier","title":"Nurse"} },
              {"op":"Remove","path":"externalId"}]}
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(($"{name}@example.org", "Zoë M."), (Text(answer.Json, "userName"), Text(answer.Json, "displayName")));
        Assert.Equal("Zoë Maier", Text(answer.Json.GetProperty("name"), "formatted"));
        Assert.False(answer.Json.TryGetProperty("externalId", out _));
        Assert.Equal($"{name}@example.org", (await AccountAsync(id)).Email);
    }

    [Theory]
    [InlineData("""{"Operations":[]}""", "invalidSyntax")]
    [InlineData("""{"Operations":[{"op":"move","path":"active"}]}""", "invalidSyntax")]
    [InlineData("""{"Operations":[5]}""", "invalidSyntax")]
    [InlineData("""{"Operations":[{"op":"remove"}]}""", "noTarget")]
    [InlineData("""{"Operations":[{"op":"replace","path":"id","value":"x"}]}""", "mutability")]
    [InlineData("""{"Operations":[{"op":"replace","path":"emails[","value":"x"}]}""", "invalidPath")]
    [InlineData("""{"Operations":[{"op":"replace","path":"active"}]}""", "invalidValue")]
    [InlineData("""{"Operations":[{"op":"remove","path":"userName"}]}""", "invalidValue")]
    [InlineData("""{"Operations":[{"op":"remove","path":"active"}]}""", "invalidValue")]
    public async Task Patch_ThatIsNotRight_ChangesNothing(string body, string type)
    {
        var directory = await DirectoryAsync();
        var id = await MadeAsync(directory, NewName());
        var before = (await directory.GetAsync($"{Users}/{id}")).Json.GetRawText();

        var answer = await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", body);

        Assert.Equal((HttpStatusCode.BadRequest, type), (answer.Status, Text(answer.Json, "scimType")));
        Assert.Equal(before, (await directory.GetAsync($"{Users}/{id}")).Json.GetRawText());
    }

    /// <summary>Whoever reads the mail of an admin's account could choose its password.</summary>
    [Fact]
    public async Task Patch_OfTheAddressOfAnAdmin_IsRefused()
    {
        var directory = await DirectoryAsync();
        var email = RunningPortal.EmailOf(AccountRole.Admin);
        var id = portal.Portal.Ids[AccountRole.Admin];

        var answer = await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", """{"Operations":[{"op":"replace","path":"userName","value":"attacker@example.com"}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "mutability"), (answer.Status, Text(answer.Json, "scimType")));
        Assert.Equal(email, (await AccountAsync(id)).Email);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(directory, HttpMethod.Patch, $"{Users}/{id}", """{"Operations":[{"op":"replace","path":"displayName","value":"Anna"}]}""")).Status);
    }

    [Fact]
    public async Task Description_SaysWhatThePortalCan()
    {
        var directory = await DirectoryAsync();

        var config = (await directory.GetAsync("/scim/v2/ServiceProviderConfig")).Json;
        Assert.True(config.GetProperty("patch").GetProperty("supported").GetBoolean());
        Assert.False(config.GetProperty("bulk").GetProperty("supported").GetBoolean());
        Assert.Equal("oauthbearertoken", Text(config.GetProperty("authenticationSchemes")[0], "type"));
        var type = (await directory.GetAsync("/scim/v2/ResourceTypes/User")).Json;
        Assert.Equal(("/Users", "urn:ietf:params:scim:schemas:core:2.0:User"), (Text(type, "endpoint"), Text(type, "schema")));
        Assert.Equal(1, (await directory.GetAsync("/scim/v2/ResourceTypes")).Json.GetProperty("totalResults").GetInt32());
        var schema = (await directory.GetAsync("/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")).Json;
        Assert.Equal(["userName", "displayName", "name", "emails", "active"], schema.GetProperty("attributes").EnumerateArray().Select(attribute => Text(attribute, "name")));
        Assert.Equal(1, (await directory.GetAsync("/scim/v2/Schemas")).Json.GetProperty("totalResults").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await directory.GetAsync("/scim/v2/Schemas/other")).Status);
    }

    [Fact]
    public async Task Key_ThatIsRevoked_OpensNothing_AndAKeyNothingElse()
    {
        var register = portal.Portal.Services.GetRequiredService<DirectoryKeyRegister>();
        var created = Assert.IsType<ServiceKeyOutcome.Created>(await register.CreateAsync(Admin, NewName(), Token));
        var directory = portal.Anyone(created.Key);
        Assert.Equal(HttpStatusCode.OK, (await directory.GetAsync(Users)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await directory.GetAsync("/api/devices")).Status);
        Assert.Contains(await register.ListAsync(Admin, Token), key => key.Id == created.Id && key.LastUsedAt is not null);

        Assert.IsType<ServiceKeyOutcome.Revoked>(await register.RevokeAsync(Admin, created.Id, Token));

        Assert.Equal(HttpStatusCode.Unauthorized, (await directory.GetAsync(Users)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Anyone().GetAsync(Users)).Status);
        Assert.IsType<ServiceKeyOutcome.NotAllowed>(await register.CreateAsync(Admin with { Role = AccountRole.Support }, "x", Token));
    }

    [Fact]
    public async Task Acts_OfADirectory_AreOnRecordByItsName()
    {
        var directory = await DirectoryAsync();
        var id = await MadeAsync(directory, NewName());

        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        var made = await db.AuditEvents.SingleAsync(e => e.Subject == id && e.Action == "account.created", Token);
        Assert.StartsWith("directory:", made.ActorId, StringComparison.Ordinal);
        Assert.StartsWith("scim-", made.ActorName, StringComparison.Ordinal);
    }

    private static string NewName() => $"scim-{Interlocked.Increment(ref _count)}";

    private static Task<ApiAnswer> SendAsync(ApiCaller directory, HttpMethod method, string path, string body) =>
        directory.SendAsync(method, path, new StringContent(body, Encoding.UTF8, "application/scim+json"));

    private static async Task<string> MadeAsync(ApiCaller directory, string name)
    {
        var answer = await SendAsync(directory, HttpMethod.Post, Users, $$"""{"userName":"{{name}}@example.com","externalId":"{{name}}-ext","displayName":"Somebody"}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return Text(answer.Json, "id");
    }

    private async Task<ApiCaller> DirectoryAsync() => portal.Anyone(
        Assert.IsType<ServiceKeyOutcome.Created>(await portal.Portal.Services.GetRequiredService<DirectoryKeyRegister>().CreateAsync(Admin, NewName(), Token)).Key);

    private async Task<Account> AccountAsync(string id)
    {
        await using var db = await portal.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        return await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == id, Token);
    }
}
