using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Benchmarks;

/// <summary>The whole portal as it is served, on a socket of this machine, on the world's databases; limits per minute are out of the way.</summary>
internal sealed class BenchmarkPortal : IAsyncDisposable
{
    /// <summary>People with accounts, for what only people do.</summary>
    public const int People = 50;

    private readonly WebApplication app;

    private BenchmarkPortal(WebApplication portal) => app = portal;

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.First());

    public static string PersonId(int number) => $"bench-user-{number}";

    public static Actor Person(int number) => new($"bench-account-{number}", $"Bench {number}", AccountRole.User, PersonId(number), "192.0.2.1");

    /// <summary>Null when the world has no database for the portal itself.</summary>
    public static async Task<BenchmarkPortal?> StartAsync(BenchmarkWorld world, CancellationToken cancellationToken)
    {
        if (world.PortalConnectionString is not { } own)
        {
            return null;
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "AdminPortal.Web", EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = own,
            ["Portal:PublicUrl"] = "http://localhost",
            ["Portal:Targets:main:ConnectionString"] = world.ConnectionString,
            ["Pairing:Limits:CodesPerAccount"] = "100000",
        });
        builder.Logging.ClearProviders();
        builder.AddPortal();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var portal = new BenchmarkPortal(builder.Build());
        portal.app.MapPortal();
        await portal.Services.GetRequiredService<PortalDatabase>().MigrateAsync(cancellationToken);
        await portal.AddPeopleAsync(world, cancellationToken);
        await portal.app.StartAsync(cancellationToken);
        return portal;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AddPeopleAsync(BenchmarkWorld world, CancellationToken cancellationToken)
    {
        await world.ExecuteAsync(
            """
            INSERT INTO public.users (id, email, name, "updatedAt")
            SELECT 'bench-user-' || n, 'bench-' || n || '@example.org', 'Bench ' || n, now() FROM generate_series(1, $1) n ON CONFLICT DO NOTHING
            """, cancellationToken, People);
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellationToken);
        if (!await db.Accounts.AnyAsync(a => a.Id == Person(1).Id, cancellationToken))
        {
            db.Accounts.AddRange(Enumerable.Range(1, People).Select(n => new Account
            {
                Id = Person(n).Id,
                UserName = Person(n).Id,
                Email = $"bench-{n}@example.org",
                NormalizedEmail = $"BENCH-{n}@EXAMPLE.ORG",
                AppUserId = PersonId(n),
            }));
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
