using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Web.Tests.Hosting;

/// <summary>The whole portal on databases of the test's own, behind a test server, with one account of each role.</summary>
internal sealed class RunningPortal : IAsyncDisposable
{
    /// <summary>An address that throws, in portals started with it.</summary>
    public const string FailingPage = "/failing-page";

    public const string Password = "seven green lamps walk";
    private readonly TestDatabase portal;
    private readonly TestDatabase devices;
    private readonly WebApplication app;

    private RunningPortal(TestDatabase portal, TestDatabase devices, string publicUrl, Dictionary<string, string?>? settings, bool kestrel, bool withFailingPage)
    {
        (this.portal, this.devices) = (portal, devices);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "AdminPortal.Web", EnvironmentName = "Production" });
        Databases = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = portal.RuntimeConnectionString,
            ["ConnectionStrings:PortalOwner"] = portal.OwnerConnectionString,
            ["Portal:Targets:main:ConnectionString"] = devices.RuntimeConnectionString,
            ["Portal:Targets:main:OwnerConnectionString"] = devices.OwnerConnectionString,
        };
        builder.Configuration.AddInMemoryCollection(Databases).AddInMemoryCollection([new("Portal:PublicUrl", publicUrl)]);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders().AddProvider(new ServerErrors());
        builder.AddPortal();
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000); // quick, not safe
        if (kestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        app = builder.Build();
        app.MapPortal();
        if (withFailingPage)
        {
            app.MapGet(FailingPage, string () => throw new InvalidOperationException("secret detail of an Exception")).AllowAnonymous();
        }
    }

    public IServiceProvider Services => app.Services;

    /// <summary>Where its databases are, as settings.</summary>
    public IReadOnlyDictionary<string, string?> Databases { get; }

    /// <summary>Where the portal listens, when it was started on Kestrel.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>A database that refuses every connection at once.</summary>
    public static string NoDatabase { get; } = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none;Timeout=2";

    public Dictionary<AccountRole, string> Ids { get; } = [];

    public static string EmailOf(AccountRole role) => $"{role.ToString().ToLowerInvariant()}@example.org";

    /// <param name="settings">Configuration beside or instead of the usual.</param>
    /// <param name="kestrel">True: on a real socket, with the limits that only the real server has.</param>
    public static async Task<RunningPortal> StartAsync(
        PostgresCluster cluster, CancellationToken cancellationToken, string publicUrl = "https://portal.example.org",
        Dictionary<string, string?>? settings = null, bool kestrel = false, bool withFailingPage = false)
    {
        var running = new RunningPortal(
            await cluster.CreatePortalDatabaseAsync(cancellationToken), await cluster.CreateDeviceDatabaseAsync(cancellationToken), publicUrl, settings, kestrel, withFailingPage);
        if (settings?.ContainsKey("Portal:Targets:main:ConnectionString") != true)
        {
            await running.Services.GetRequiredService<ManagedDatabase>().MigrateAtStartAsync(["main"], cancellationToken);
        }

        await running.app.StartAsync(cancellationToken);
        var accounts = running.Services.GetRequiredService<AccountService>();
        foreach (var role in Enum.GetValues<AccountRole>())
        {
            var created = await accounts.CreateAsync(new CreateAccount(EmailOf(role), role, Password), Actor.CommandLine, cancellationToken);
            running.Ids[role] = ((AccountOutcome.Done)created).AccountId;
        }

        return running;
    }

    /// <summary>A browser: keeps cookies by hand, follows no redirect.</summary>
    public TestBrowser Browse() => new(new HttpClient(app.GetTestServer().CreateHandler()) { BaseAddress = new Uri("https://portal.example.org") });

    /// <summary>The connection of a page that this browser has open.</summary>
    public Task<System.Net.WebSockets.WebSocket> OpenPageAsync(TestBrowser browser, CancellationToken cancellationToken)
    {
        var client = app.GetTestServer().CreateWebSocketClient();
        client.ConfigureRequest = request => (request.Headers.Cookie, request.Headers.Origin) = (browser.Cookies, "https://portal.example.org");
        return client.ConnectAsync(new Uri("wss://portal.example.org/_blazor"), cancellationToken);
    }

    /// <summary>A program that signed in, and its refresh token.</summary>
    public async Task<(HttpClient Client, string RefreshToken)> SignInProgramAsync(AccountRole role, CancellationToken cancellationToken)
    {
        var client = new HttpClient(app.GetTestServer().CreateHandler()) { BaseAddress = new Uri("https://portal.example.org") };
        var answer = await client.PostAsJsonAsync("/api/auth/login", new { email = EmailOf(role), password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());
        return (client, token.GetProperty("refreshToken").GetString()!);
    }

    /// <summary>Takes the portal's own database away, connections included.</summary>
    /// <summary>As the owner of the portal's own database.</summary>
    public async Task OnPortalDatabaseAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(portal.OwnerConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task DropPortalDatabaseAsync() => portal.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await portal.DisposeAsync();
        await devices.DisposeAsync();
    }
}
