using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.ServiceKeys;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using static AdminPortal.Web.Tests.Hosting.Visitors;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>Every route with every kind of visitor. A route that is not in the table fails, and so does a row without a route.</summary>
public sealed class RouteRoleTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const Visitors People = User | Support | Admin;
    private const Visitors Everyone = Anonymous | People | Device | Service | Provisioner;
    private const Visitors Staff = Support | Admin;

    /// <summary>What an action of the API answers to a visitor that it turns away, whatever the request says.</summary>
    private static readonly string[] Refusals = ["sign-in-required", "forbidden"];

    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    /// <summary>Who may. <c>ANY</c>: pages and others that name no method.</summary>
    private static readonly Dictionary<string, Visitors> Table = new(StringComparer.Ordinal)
    {
        ["POST /api/auth/login"] = Everyone,
        ["POST /api/auth/refresh"] = Everyone,
        ["GET /api/auth/csrf"] = People,
        ["POST /api/auth/logout"] = People,
        ["POST /api/qr/sessions"] = People,
        ["GET /api/qr/sessions/{id}"] = People,
        ["POST /api/qr/sessions/{id}/confirm"] = People,
        ["POST /api/qr/sessions/{id}/refuse"] = People,
        ["POST /api/qr/pair"] = Everyone,
        ["POST /api/qr/pair/preview"] = Everyone,
        ["GET /api/qr/pair/{id}"] = Everyone,
        ["GET /api/qr/pair"] = People | Device,
        ["DELETE /api/qr/pair/{id}"] = People | Device,
        ["POST /api/qr/permissions"] = People,
        ["POST /api/qr/introspect"] = Service,
        ["GET /api/qr/authorize"] = Device,
        ["POST /api/qr/permissions/requests"] = Device,
        ["GET /api/qr/permissions/requests"] = Device,
        ["POST /api/qr/permissions/requests/{id}/decision"] = People,
        ["GET /api/devices"] = Staff,
        ["GET /api/devices/me/events"] = Device,
        ["PUT /api/devices/me"] = Device,
        ["POST /api/sync/push"] = Device,
        ["GET /api/sync/pull"] = Device,
        ["GET /api/sync/conflicts"] = Device,
        ["POST /api/sync/report"] = Device,
        ["POST /api/devices/me/ack"] = Everyone,
        ["POST /api/devices/me/renew"] = Device,
        ["GET /api/health"] = Everyone,
        ["GET /scim/v2/ServiceProviderConfig"] = Provisioner,
        ["GET /scim/v2/ResourceTypes"] = Provisioner,
        ["GET /scim/v2/ResourceTypes/{id}"] = Provisioner,
        ["GET /scim/v2/Schemas"] = Provisioner,
        ["GET /scim/v2/Schemas/{id}"] = Provisioner,
        ["GET /scim/v2/Users"] = Provisioner,
        ["POST /scim/v2/Users"] = Provisioner,
        ["GET /scim/v2/Users/{id}"] = Provisioner,
        ["PUT /scim/v2/Users/{id}"] = Provisioner,
        ["PATCH /scim/v2/Users/{id}"] = Provisioner,
        ["DELETE /scim/v2/Users/{id}"] = Provisioner,
        ["GET /health/live"] = Everyone,
        ["GET /health/ready"] = Everyone,
        ["GET /openapi/v1.json"] = Everyone,
        ["GET /.well-known/oauth-authorization-server"] = Everyone,
        ["GET /p"] = Everyone,
        ["POST /sign-out"] = Everyone,
        ["GET /sign-in/with/{provider}"] = Everyone,
        ["POST /sign-in/with/{provider}/back-channel-sign-out"] = Everyone,
        ["GET /sign-in/passkey/options"] = Everyone,
        ["GET /account/passkeys/options"] = People,
        ["GET /devices.csv"] = Staff,
        ["GET /users.csv"] = Staff,
        ["GET /sync.csv"] = Staff,
        ["GET /theme.css"] = Everyone,
        ["PAGE /"] = People,
        ["PAGE /pair"] = People,
        ["PAGE /my-devices"] = People,
        ["PAGE /permissions"] = People,
        ["PAGE /settings"] = Staff,
        ["PAGE /settings/notices"] = Staff,
        ["PAGE /settings/policies"] = Staff,
        ["PAGE /settings/policies/{Name}"] = Staff,
        ["PAGE /jobs"] = Staff,
        ["PAGE /targets"] = Staff,
        ["PAGE /targets/{Target}/take-over"] = Staff,
        ["PAGE /migrations/{Target}"] = Staff,
        ["PAGE /migrations/{Target}/comparison"] = Staff,
        ["PAGE /deployments/{Target}"] = Staff,
        ["PAGE /deployments/{Target}/report"] = Staff,
        ["PAGE /account"] = People,
        ["PAGE /account/second-factor"] = People,
        ["PAGE /account/confirm"] = People,
        ["PAGE /sign-in/code"] = Everyone,
        ["PAGE /not-allowed"] = People,
        ["PAGE /devices/{Id}"] = People,
        ["PAGE /devices"] = Staff,
        ["PAGE /devices/bulk/{Id}"] = Admin,
        ["PAGE /backups"] = Staff,
        ["PAGE /backups/{Id}"] = Staff,
        ["GET /backups/{id}/file"] = Admin,
        ["PAGE /runs"] = Staff,
        ["PAGE /runs/{Id}"] = Staff,
        ["PAGE /users"] = Staff,
        ["PAGE /users/{Id}"] = Staff,
        ["PAGE /sync"] = Staff,
        ["PAGE /sync/{Id}"] = Staff,
        ["PAGE /settings/sync"] = Staff,
        ["PAGE /settings/sync-thresholds"] = Staff,
        ["PAGE /verification"] = Staff,
        ["PAGE /verification/{Target}"] = Staff,
        ["PAGE /verification/{Target}/duplicates"] = Staff,
        ["PAGE /monitoring"] = Staff,
        ["PAGE /alerts"] = Staff,
        ["PAGE /notices"] = People,
        ["PAGE /activity"] = People,
        ["GET /activity.csv"] = People,
        ["PAGE /accounts"] = Admin,
        ["PAGE /mail"] = Admin,
        ["PAGE /service-keys"] = Admin,
        ["PAGE /sign-in"] = Everyone,
        ["PAGE /not-me"] = Everyone,
        ["PAGE /forgot-password"] = Everyone,
        ["PAGE /reset-password"] = Everyone,
        ["PAGE /not-found"] = Everyone,
    };

    /// <summary>What a middleware serves, without an endpoint.</summary>
    private static readonly Dictionary<string, Visitors> Beside = new(StringComparer.Ordinal)
    {
        ["GET /api/docs/index.html"] = People,
        ["GET /nowhere"] = People,
        ["GET /api/nowhere"] = People,
    };

    /// <summary>They work: what comes after them is no longer signed in.</summary>
    private static readonly string[] Ends = ["POST /api/auth/logout", "POST /sign-out"];

    private RunningPortal portal = null!;

    public async ValueTask InitializeAsync() => portal = await RunningPortal.StartAsync(cluster, None);

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public void Table_NamesEveryRoute_AndNoOther() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Endpoints().SelectMany(Names).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryEndpoint_HasAPolicyOrSaysThatAnyoneMay() => Assert.Empty(
        portal.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(e => !IsDevelopmentOnly(e) && e.Metadata.GetMetadata<IAllowAnonymous>() is null && !e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is not null))
            .Select(e => $"{e.DisplayName} {(e as RouteEndpoint)?.RoutePattern.RawText}"));

    [Fact]
    public async Task EveryRoute_EveryVisitor_IsLetInOrTurnedAwayAsTheTableSays()
    {
        var wrong = new List<string>();
        foreach (var visitor in Enum.GetValues<Visitors>())
        {
            wrong.AddRange(await WrongAsync(await VisitorClient.OpenAsync(portal, visitor), visitor));
        }

        Assert.Empty(wrong);
    }

    /// <summary>A cookie whose session was ended, and a sign-in whose second factor is missing, open what is open to everyone, and nothing else.</summary>
    [Theory]
    [InlineData("signed out")]
    [InlineData("factor missing")]
    public async Task EveryRoute_WithoutAWholeSession_IsLikeAStranger(string state)
    {
        var browser = portal.Browse();
        if (state == "factor missing")
        {
            var factors = portal.Services.GetRequiredService<SecondFactors>();
            await factors.EnableAsync(Actor.CommandLine, portal.Ids[AccountRole.Admin], Totp.Code((await factors.BeginAsync(portal.Ids[AccountRole.Admin]))!.Key), None);
            Assert.EndsWith("/sign-in/code", (await browser.SignInAsync(AccountRole.Admin)).Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        else
        {
            await browser.SignInAsync(AccountRole.Admin);
            await portal.OnPortalDatabaseAsync("""UPDATE portal.account_sessions SET "endedAt" = now()""");
        }

        Assert.Empty(await WrongAsync(new VisitorClient(browser, []), Anonymous));
    }

    /// <summary>Pages and calls stay open in a session that started long ago; files with everyone's data ask first.</summary>
    [Fact]
    public async Task EveryRoute_InAStaleSession_IsAsBeforeButForFiles()
    {
        var client = await VisitorClient.OpenAsync(portal, Admin);
        await portal.OnPortalDatabaseAsync("""UPDATE portal.account_sessions SET "startedAt" = now() - interval '6 minutes'""");
        var asked = new List<string>();
        foreach (var (route, allowed) in Table.Where(row => !Ends.Contains(row.Key)))
        {
            var (passed, told) = await client.TryAsync(route);
            Assert.True(passed == allowed.HasFlag(Admin), $"{route}: {told}");
            if (told.Contains("/account/confirm?returnUrl=", StringComparison.Ordinal))
            {
                asked.Add(route);
            }
        }

        Assert.Equal(["GET /account/passkeys/options", "GET /activity.csv", "GET /backups/{id}/file", "GET /devices.csv", "GET /sync.csv", "GET /users.csv"], asked.Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> WrongAsync(VisitorClient client, Visitors visitor)
    {
        var wrong = new List<string>();
        foreach (var (route, allowed) in Table.Concat(Beside).OrderBy(row => Array.IndexOf(Ends, row.Key)))
        {
            var (passed, told) = await client.TryAsync(route);
            if (passed != allowed.HasFlag(visitor))
            {
                wrong.Add($"{visitor} {route}: {told}");
            }
        }

        return wrong;
    }

    private IEnumerable<RouteEndpoint> Endpoints() => portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !IsFramework(e.RoutePattern.RawText!) && !IsDevelopmentOnly(e));

    /// <summary>Static files of a source tree that are newer than its build; a published portal has no such route, and here the fallback policy guards it.</summary>
    private static bool IsDevelopmentOnly(Endpoint endpoint) => endpoint.DisplayName == "Fallback {**path:file}";

    /// <summary>Blazor's own: the circuit's connection, and the script. Their policy is that of all endpoints.</summary>
    private static bool IsFramework(string pattern) => pattern.TrimStart('/') is var path
        && (path.StartsWith("_blazor", StringComparison.Ordinal) || path.StartsWith("_framework", StringComparison.Ordinal));

    private static IEnumerable<string> Names(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        return endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null
            ? [$"PAGE {path}"]
            : (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Select(method => $"{method} {path}");
    }

    private sealed class VisitorClient(TestBrowser browser, (string Name, string Value)[] headers)
    {
        public static async Task<VisitorClient> OpenAsync(RunningPortal portal, Visitors visitor)
        {
            var browser = portal.Browse();
            if (visitor is Anonymous)
            {
                return new VisitorClient(browser, []);
            }

            if (visitor is Device)
            {
                var token = await portal.AddDeviceAsync(await portal.AddPersonAsync(), "route-role-device");
                return new VisitorClient(browser, [("Authorization", $"Bearer {token}")]);
            }

            if (visitor is Service)
            {
                var key = await portal.Services.GetRequiredService<ServiceKeyRegister>().CreateAsync(Actor.CommandLine, "Route roles", None);
                return new VisitorClient(browser, [("Authorization", $"Bearer {((ServiceKeyOutcome.Created)key).Key}")]);
            }

            if (visitor is Provisioner)
            {
                var key = await portal.Services.GetRequiredService<DirectoryKeyRegister>().CreateAsync(Actor.CommandLine, "Route roles", None);
                return new VisitorClient(browser, [("Authorization", $"Bearer {((ServiceKeyOutcome.Created)key).Key}")]);
            }

            await browser.SignInAsync(Enum.Parse<AccountRole>(visitor.ToString()));
            var csrf = (await (await browser.GetAsync("/api/auth/csrf")).Content.ReadFromJsonAsync<JsonElement>(None)).GetProperty("data");
            return new VisitorClient(browser, [(ApiAntiforgery.Header, csrf.GetProperty("token").GetString()!)]);
        }

        /// <summary>Calls the route with an empty request: whoever passes hears what is wrong with that, and not that they may not.</summary>
        public async Task<(bool Passed, string Told)> TryAsync(string route)
        {
            var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
            var path = pattern.Replace("{id}", "none", StringComparison.Ordinal).Replace("{Id}", "none", StringComparison.Ordinal);
            using var body = method == "POST" && path.StartsWith("/api", StringComparison.Ordinal) ? JsonContent.Create(new object()) : null;
            var answer = await browser.SendAsync(method == "PAGE" ? HttpMethod.Get : new HttpMethod(method), path, body, headers);
            var text = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(None);
            var to = answer.Headers.Location?.ToString() ?? "";
            var turnedAway = to.Contains("/sign-in?returnUrl=", StringComparison.Ordinal) || to.Contains("/not-allowed", StringComparison.Ordinal)
                || (answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && Refusals.Any(name => text.Contains($":problem:{name}\"", StringComparison.Ordinal)));
            return (!turnedAway && (int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {to}");
        }
    }
}
