using AdminPortal.Core.Accounts;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Users;
using AdminPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Core.Tests.Accounts;

/// <summary>The portal's services on a portal database and a managed database of the test's own, with the runtime role.</summary>
public sealed class AccountsHost : IAsyncDisposable
{
    public const string Password = "seven green lamps walk";
    private readonly TestDatabase portal;
    private readonly TestDatabase devices;
    private readonly ServiceProvider provider;

    private AccountsHost(TestDatabase portal, TestDatabase devices, int connections, int rounds, bool realDevices)
    {
        (this.portal, this.devices) = (portal, devices);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = new NpgsqlConnectionStringBuilder(portal.RuntimeConnectionString) { MaxPoolSize = connections }.ConnectionString,
            ["ConnectionStrings:PortalOwner"] = portal.OwnerConnectionString,
            ["Portal:PublicUrl"] = "https://portal.example.org",
            ["Portal:Targets:main:ConnectionString"] = devices.RuntimeConnectionString,
            ["Portal:Targets:main:OwnerConnectionString"] = devices.OwnerConnectionString,
        }).Build());
        services.AddLogging();
        services.AddPortalCore();
        if (!realDevices)
        {
            services.AddSingleton<IAccountDevices>(Devices);
        }

        services.Configure<PasswordHasherOptions>(options => options.IterationCount = rounds);
        provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public RecordedDevices Devices { get; } = new();

    public string RuntimeConnectionString => portal.RuntimeConnectionString;

    public Actor Admin { get; private set; } = Actor.CommandLine;

    /// <summary>The owner's, to the managed database.</summary>
    public string DeviceConnectionString => devices.OwnerConnectionString;

    public AccountService Accounts => Get<AccountService>();

    public SignInCheck SignIn => Get<SignInCheck>();

    /// <param name="connections">The size of the pool to the portal's own database.</param>
    /// <param name="rounds">What a hash costs: few are quick, not safe.</param>
    /// <param name="realDevices">False: whose devices were ended is only remembered.</param>
    public static async Task<AccountsHost> StartAsync(PostgresCluster cluster, CancellationToken cancellationToken, int connections = 100, int rounds = 1000, bool realDevices = false)
    {
        var host = new AccountsHost(
            await cluster.CreatePortalDatabaseAsync(cancellationToken), await cluster.CreateDeviceDatabaseAsync(cancellationToken), connections, rounds, realDevices);
        await host.Get<PortalDatabase>().MigrateAsync(cancellationToken);
        await host.Get<ManagedDatabase>().MigrateAtStartAsync(["main"], cancellationToken);
        host.Admin = host.Admin with { Id = await host.CreateAsync("admin@example.org", AccountRole.Admin) };
        return host;
    }

    public T Get<T>()
        where T : notnull => provider.GetRequiredService<T>();

    public async Task<string> CreateAsync(string email, AccountRole role, string? userId = null)
    {
        if (userId is not null)
        {
            await using var db = Get<DeviceDatabases>().CreateDbContext();
            db.Users.Add(new AppUser { Id = userId, Email = email, UpdatedAt = TimeProvider.System.GetUtcNow().UtcDateTime });
            await db.SaveChangesAsync();
        }

        return Assert.IsType<AccountOutcome.Done>(
            await Accounts.CreateAsync(new CreateAccount(email, role, Password, userId), Admin, CancellationToken.None)).AccountId;
    }

    /// <summary>The actor as a page makes it of the cookie, or an endpoint of the bearer.</summary>
    public async Task<Actor> SignInAsync(string accountId, AccountSessionKind kind = AccountSessionKind.Browser)
    {
        var principal = await Get<AccountSessions>().StartAsync(accountId, kind, null, "a test", CancellationToken.None);
        var row = await RowAsync(accountId);
        return new Actor(accountId, row.Email, row.Role, row.AppUserId, null)
        {
            SessionId = principal!.FindFirst(AccountClaims.Session)!.Value,
            Standing = Get<IActorStanding>(),
        };
    }

    public async Task<AccountRow> RowAsync(string accountId) =>
        await Get<AccountDirectory>().FindAsync(Admin, accountId, CancellationToken.None) ?? throw new InvalidOperationException("No such account.");

    /// <summary>As if so much time had passed for the counts of wrong passwords.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await db.SignInMisses.ExecuteUpdateAsync(set => set.SetProperty(m => m.EndsAt, m => m.EndsAt - time));
    }

    /// <summary>As if every session had started six minutes earlier.</summary>
    public async Task AgeSessionsAsync()
    {
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await db.AccountSessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.StartedAt, s => s.StartedAt.AddMinutes(-6)));
    }

    public async Task<List<string>> ActionsAsync(string subject)
    {
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await db.AuditEvents.Where(e => e.Subject == subject).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await portal.DisposeAsync();
        await devices.DisposeAsync();
    }

    /// <summary>Remembers whose devices were ended; away while told so.</summary>
    public sealed class RecordedDevices : IAccountDevices
    {
        public bool Away { get; set; }

        public List<string> Ended { get; } = [];

        public Task EndAllAsync(string? userId, IReadOnlyList<LinkSpan> stood, Actor actor, string reason, CancellationToken cancellationToken)
        {
            if (Away)
            {
                throw new NpgsqlException("The connection was refused.");
            }

            Ended.AddRange(new[] { userId }.OfType<string>());
            return Task.CompletedTask;
        }
    }
}
