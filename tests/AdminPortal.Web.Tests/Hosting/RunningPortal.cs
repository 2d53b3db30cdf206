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
using Microsoft.AspNetCore.Hosting.Server;
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
    public const string Password = "seven green lamps walk";
    private readonly TestDatabase portal;
    private readonly TestDatabase devices;
    private readonly WebApplication app;

    private RunningPortal(TestDatabase portal, TestDatabase devices, string publicUrl, bool kestrel, Dictionary<string, string?>? settings)
    {
        (this.portal, this.devices) = (portal, devices);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "AdminPortal.Web", EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = portal.RuntimeConnectionString,
            ["ConnectionStrings:PortalOwner"] = portal.OwnerConnectionString,
            ["Portal:PublicUrl"] = publicUrl,
            ["Portal:Targets:main:ConnectionString"] = devices.RuntimeConnectionString,
            ["Portal:Targets:main:OwnerConnectionString"] = devices.OwnerConnectionString,
        });
        builder.Logging.ClearProviders();
        builder.AddPortal();
        builder.Services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero); // else 30 s
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000); // quick, not safe
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        if (kestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0"); // the limit on bodies is the server's
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        app = builder.Build();
        app.MapPortal();
    }

    public IServiceProvider Services => app.Services;

    public Dictionary<AccountRole, string> Ids { get; } = [];

    public static string EmailOf(AccountRole role) => $"{role.ToString().ToLowerInvariant()}@example.org";

    public static async Task<RunningPortal> StartAsync(
        PostgresCluster cluster, CancellationToken cancellationToken, string publicUrl = "https://portal.example.org", bool kestrel = false,
        Dictionary<string, string?>? settings = null)
    {
        var running = new RunningPortal(
            await cluster.CreatePortalDatabaseAsync(cancellationToken), await cluster.CreateDeviceDatabaseAsync(cancellationToken), publicUrl, kestrel, settings);
        await running.Services.GetRequiredService<ManagedDatabase>().MigrateAsync("main", cancellationToken);
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

    /// <summary>A program that did not sign in, or that brings a bearer of its own.</summary>
    public HttpClient Client(AuthenticationHeaderValue? bearer = null)
    {
        var server = app.Services.GetRequiredService<IServer>() as TestServer;
        var client = server is null
            ? new HttpClient { BaseAddress = new Uri(app.Urls.First()) }
            : new HttpClient(server.CreateHandler()) { BaseAddress = new Uri("https://portal.example.org") };
        client.DefaultRequestHeaders.Authorization = bearer;
        return client;
    }

    /// <summary>A program that signed in, and its refresh token.</summary>
    public async Task<(HttpClient Client, string RefreshToken)> SignInProgramAsync(AccountRole role, CancellationToken cancellationToken)
    {
        var client = Client();
        var answer = await client.PostAsJsonAsync("/api/auth/login", new { email = EmailOf(role), password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());
        return (client, token.GetProperty("refreshToken").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await portal.DisposeAsync();
        await devices.DisposeAsync();
    }
}
