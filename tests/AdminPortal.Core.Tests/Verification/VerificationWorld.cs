using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Verification;
using AdminPortal.Data;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Verification;

/// <summary>The services of verification as one portal process holds them, with one target of the test's own.</summary>
internal sealed class VerificationWorld : IAsyncDisposable
{
    public const string Target = "main";

    private readonly TestDatabase _portal;
    private readonly NpgsqlDataSource _source;
    private readonly EndpointProbe _probe = new();

    private VerificationWorld(TestDatabase portal, TestDatabase target, PortalOptions options)
    {
        (_portal, Database) = (portal, target);
        _source = DatabaseOptions.CreateDataSource(portal.RuntimeConnectionString);
        Portals = new PooledDbContextFactory<PortalDbContext>(((DbContextOptionsBuilder<PortalDbContext>)new DbContextOptionsBuilder<PortalDbContext>().UsePortalDatabase(_source)).Options);
        var wrapped = Options.Create(options);
        Access = new TargetAccess(wrapped);
        Databases = new DeviceDatabases(wrapped);
        Lineage = new Core.Sync.SyncLineage(Portals, Databases, new KnownTargets(Portals), new Core.Activity.AuditLog(Portals));
        Verifications = new Verifications(Access, new KnownTargets(Portals), new Core.Hosts.HostMappings(Access, new KnownTargets(Portals), new Core.Migrations.MigrationScripts(), Portals, new Core.Activity.AuditLog(Portals), TimeProvider.System), Portals, wrapped, new VerificationChecks(_probe, Lineage, new Core.Accounts.AccountLinks(Portals, Databases, new KnownTargets(Portals), Microsoft.Extensions.Logging.Abstractions.NullLogger<Core.Accounts.AccountLinks>.Instance)), TimeProvider.System);
    }

    public TestDatabase Database { get; }

    public IDbContextFactory<PortalDbContext> Portals { get; }

    public string PortalConnection => _portal.RuntimeConnectionString;

    public TargetAccess Access { get; }

    public DeviceDatabases Databases { get; }

    internal Core.Sync.SyncLineage Lineage { get; }

    public Verifications Verifications { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A target that is freshly migrated, unless <paramref name="target"/> is given.</summary>
    public static async Task<VerificationWorld> CreateAsync(PostgresCluster cluster, TestDatabase? target = null, Action<TargetOptions>? configure = null)
    {
        target ??= await cluster.CreateDeviceDatabaseAsync(Token);
        var settings = new TargetOptions { ConnectionString = target.RuntimeConnectionString, OwnerConnectionString = target.OwnerConnectionString, Primary = true };
        configure?.Invoke(settings);
        return new VerificationWorld(
            await cluster.CreatePortalDatabaseAsync(Token), target, new PortalOptions { PublicUrl = "http://127.0.0.1:1", Targets = { [Target] = settings } });
    }

    public Task<VerificationResult> RunAsync(bool data = true) =>
        Verifications.RunAsync(Target, data ? VerificationScope.Everything : VerificationScope.CatalogueOnly, Actor.CommandLine, runId: null, Token);

    public Task ExecuteAsync(string sql) => DataLayer.Sql.ExecuteAsync(Database.OwnerConnectionString, sql);

    /// <summary>Everything that is more than worth knowing, as <c>check: subject</c>.</summary>
    public static string[] Problems(VerificationResult result) =>
        [.. result.Checks.SelectMany(c => c.Findings.Where(f => f.Severity > CheckSeverity.Info).Select(f => $"{f.Severity} {c.Id}: {f.Subject}")).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        await _source.DisposeAsync();
        await _portal.DisposeAsync();
        await Database.DisposeAsync();
    }
}
