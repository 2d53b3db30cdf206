using System.Net;
using AdminPortal.Web.Tests.Hosting;
using AdminPortal.Web.Tests.Pairing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static AdminPortal.Web.Tests.Pairing.PairingCalls;

namespace AdminPortal.Web.Tests.Introspection;

/// <summary>A service that trusts the nginx before it: the configuration of the docs, a real nginx, a real portal.</summary>
[Collection(ApiPortalCollection.Name)]
public sealed class NginxTests(ApiPortal portal) : IAsyncLifetime
{
    private const string Notes = "/notes/1";
    private readonly List<string> served = [];
    private WebApplication service = null!;
    private NginxProxy nginx = null!;

    private Uri Service => new(service.Urls.First());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        service = builder.Build();
        service.Map("/{**path}", (HttpContext context) =>
        {
            var headers = context.Request.Headers;
            var told = $"{headers["X-Portal-User"]}|{headers["X-Portal-Device"]}|{headers["X-Portal-Scopes"]}|{headers.Authorization}";
            served.Add(told);
            return told;
        });
        await service.StartAsync(Token);
        nginx = await NginxProxy.StartAsync(portal.Portal.Address, Service, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await nginx.DisposeAsync();
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("dvc_nonsense")]
    [InlineData("svc_nonsense")]
    [InlineData("nonsense")]
    [InlineData("dvc_")]
    public async Task Get_TokenThatIsNone_NeverReachesTheService(string? token)
    {
        var answer = await new ApiCaller(nginx.Address, token).GetAsync(Notes);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(served);
    }

    [Fact]
    public async Task Get_LiveToken_ReachesTheServiceWithWhoItIs()
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(nginx.Address, Notes)) { Content = new StringContent("a note") };
        request.Headers.Add("Authorization", $"Bearer {Text(paired, "sessionToken")}");
        request.Headers.Add("X-Portal-User", "somebody else");
        using var http = new HttpClient();

        using var answer = await http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{person.Id}|{Text(paired, "deviceId")}|WRITE_NOTES VIEW_TRANSCRIPT|", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Get_LiveTokenWithoutTheScope_IsForbidden()
    {
        var paired = await portal.PairAsync(await portal.NewPersonAsync());

        var answer = await new ApiCaller(nginx.Address, Text(paired, "sessionToken")).GetAsync("/medications/1");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Empty(served);
    }

    [Fact]
    public async Task Get_AfterTheOwnerRevokedTheDevice_IsRefusedFromTheNextCallOnAndEver()
    {
        var person = await portal.NewPersonAsync();
        var paired = await portal.PairAsync(person);
        var device = new ApiCaller(nginx.Address, Text(paired, "sessionToken"));
        Assert.Equal(HttpStatusCode.OK, (await device.GetAsync(Notes)).Status);
        served.Clear();

        (await person.Api.DeleteAsync($"/api/qr/pair/{Text(paired, "deviceId")}")).Data();

        for (var call = 0; call < 40; call++) // beyond the limit of dead tokens: nginx would make a 500 of 429
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await device.GetAsync(Notes)).Status);
        }

        Assert.Empty(served);
    }

    [Fact]
    public async Task Get_PortalIsAway_IsUnavailableAndNotServed()
    {
        await using var alone = await NginxProxy.StartAsync(new Uri("http://127.0.0.1:1"), Service, Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await new ApiCaller(alone.Address, "dvc_any").GetAsync(Notes)).Status);

        Assert.Empty(served);
    }
}
