using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Introspection;

/// <summary>Introspection as libraries of OAuth call it.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class ClientSecretTests(ApiPortal portal)
{
    private const string Introspect = "/api/qr/introspect";
    private static readonly Actor Admin = new("admin", "Admin", AccountRole.Admin, null, null);
    private static int _count;

    [Theory]
    [InlineData("any-name:KEY")]
    [InlineData("KEY:KEY")]
    [InlineData("KEY:")]
    [InlineData("KEY")]
    public async Task Introspect_KeyByBasic_IsAnswered(string credentials)
    {
        var answer = await PostAsync("token=dvc_a", Basic(credentials.Replace("KEY", await NewKeyAsync(), StringComparison.Ordinal)));

        Assert.Equal((HttpStatusCode.OK, """{"active":false}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Introspect_KeyInTheForm_IsAnswered()
    {
        var answer = await PostAsync($"client_id=notes&client_secret={await NewKeyAsync()}&token=dvc_a", null);

        Assert.Equal((HttpStatusCode.OK, """{"active":false}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("notes:svc_nonsense")]
    [InlineData("svc_nonsense:")]
    [InlineData("notes:")]
    [InlineData(":")]
    public async Task Introspect_WrongKeyByBasic_IsRefusedAsBasic(string credentials)
    {
        var answer = await PostAsync("token=dvc_a", Basic(credentials));

        answer.IsProblem(HttpStatusCode.Unauthorized, "service-key-unknown");
        Assert.Equal("Basic realm=\"AdminPortal\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Introspect_BasicThatIsNone_IsRefused() =>
        (await PostAsync("token=dvc_a", new AuthenticationHeaderValue("Basic", "%%%"))).IsProblem(HttpStatusCode.Unauthorized, "service-key-unknown");

    [Fact]
    public async Task Introspect_FormWithoutAKey_IsRefused() => (await PostAsync("token=dvc_a", null)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");

    [Fact]
    public async Task OtherCalls_KeyByBasic_DoNotKnowIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Portal.Address, "/api/devices"));
        request.Headers.Authorization = Basic($"notes:{await NewKeyAsync()}");

        (await SendAsync(request)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Theory]
    [InlineData("WRITE_NOTES VIEW_TRANSCRIPT", true)]
    [InlineData("WRITE_NOTES  VIEW_TRANSCRIPT ", true)]
    [InlineData("WRITE_NOTES VIEW_MEDICATIONS", false)]
    public async Task Introspect_SeveralScopes_AreAllowedTogether(string scope, bool allowed)
    {
        var paired = await portal.PairAsync(await portal.NewPersonAsync());

        var answer = await portal.Anyone(await NewKeyAsync()).PostAsync(Introspect, new { token = Text(paired, "sessionToken"), scope });

        Assert.Equal(allowed, answer.Json.GetProperty("allowed").GetBoolean());
        Assert.Equal(Text(paired, "deviceId"), Text(answer.Json, "client_id"));
    }

    [Fact]
    public async Task Metadata_SaysWhereIntrospectionIs()
    {
        var answer = await portal.Anyone().GetAsync("/.well-known/oauth-authorization-server");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal("http://portal.example.org", Text(answer.Json, "issuer"));
        Assert.Equal("http://portal.example.org/api/qr/introspect", Text(answer.Json, "introspection_endpoint"));
    }

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    private async Task<string> NewKeyAsync() => Assert.IsType<ServiceKeyOutcome.Created>(
        await portal.Portal.Services.GetRequiredService<ServiceKeyRegister>().CreateAsync(Admin, $"OAuth {Interlocked.Increment(ref _count)}", TestContext.Current.CancellationToken)).Key;

    private Task<ApiAnswer> PostAsync(string form, AuthenticationHeaderValue? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal.Portal.Address, Introspect))
        {
            Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.Authorization = authorization;
        return SendAsync(request);
    }

    private static async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        using (request)
        {
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return await ApiAnswer.ReadAsync(response, TestContext.Current.CancellationToken);
        }
    }
}
