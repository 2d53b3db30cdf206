using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Backups;
using AdminPortal.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Targets;

/// <summary>Connection strings as people have them already, and what is said of those that are none.</summary>
public sealed class ConnectionTextTests(PostgresCluster cluster)
{
    private const string Secret = "s3cr3t";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres://app:s3cr3t@db.example.org/clinic", "Host=db.example.org;Database=clinic;Username=app;Password=s3cr3t;Port=5432")]
    [InlineData("postgresql://app:p%40ss%2Fw%3Ard@db:6543/my%20db?schema=public&sslmode=require", "Host=db;Port=6543;Database=my db;Username=app;Password=p@ss/w:rd;SSL Mode=Require")]
    [InlineData("postgresql://app@[::1]:5433/clinic?connection_limit=5&pool_timeout=10&pgbouncer=true&connect_timeout=7", "Host=::1;Port=5433;Database=clinic;Username=app;Maximum Pool Size=5;Timeout=7")]
    [InlineData("postgres://app:s3cr3t@/clinic?host=%2Fvar%2Frun%2Fpostgresql", "Host=/var/run/postgresql;Database=clinic;Username=app;Password=s3cr3t")]
    [InlineData("postgres://app:s3cr3t@one:5432,two:5433/clinic?target_session_attrs=primary&sslmode=verify-full&sslrootcert=/etc/root.crt", "Host=one:5432,two:5433;Database=clinic;Username=app;Password=s3cr3t;Target Session Attributes=primary;SSL Mode=VerifyFull;Root Certificate=/etc/root.crt;Host Recheck Seconds=1;Timeout=5")]
    [InlineData("Host=one:5601,two:5602;Database=clinic;Username=app;Password=s3cr3t", "Host=one:5601,two:5602;Database=clinic;Username=app;Password=s3cr3t;Target Session Attributes=primary;Host Recheck Seconds=1;Timeout=5")]
    [InlineData("Host=one,two;Database=clinic;Username=app;Target Session Attributes=any;Host Recheck Seconds=30;Timeout=9", "Host=one,two;Database=clinic;Username=app;Target Session Attributes=any;Host Recheck Seconds=30;Timeout=9")]
    public void Normalized_UrlOfAnotherClient_MeansTheSame(string url, string expected)
    {
        Assert.Null(ConnectionText.Problem("key", url));

        Assert.Equal(Sorted(expected), Sorted(ConnectionText.Normalized(url)));
    }

    [Theory]
    [InlineData("postgres://app:s3cr3t@db/clinic?schema=app", "another schema than public")]
    [InlineData("postgres://app:s3cr3t@db/clinic?sslmode=s3cr3t", "“sslmode”")]
    [InlineData("postgres://app:s3cr3t@db/clinic?sslidentity=s3cr3t", "“sslidentity”")]
    [InlineData("postgres://app:s3cr3t%@db/clinic", "%25")]
    [InlineData("postgres://app:x/s3cr3t@db/clinic?s3cr3t", "“…”")]
    [InlineData("postgres://app:s3cr3t@db", "names no database")]
    [InlineData("postgres://app:s3cr3t", "host and port")]
    [InlineData("mysql://app:s3cr3t@db/clinic", "postgres://")]
    [InlineData("s3cr3t", "postgres://")]
    [InlineData("Host=db;Database=clinic;Port=s3cr3t", "postgres://")]
    public void Problem_WhatIsNotUnderstood_IsNamedWithoutASecret(string text, string named)
    {
        var problem = ConnectionText.Problem("Portal:Targets:main:OwnerConnectionString", text);

        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.StartsWith("Portal:Targets:main:OwnerConnectionString ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OwnerStringThatIsNotUnderstood_AreRefusedWithoutASecret()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Portal"] = $"postgres://app:{Secret}@db/portal?sslidentity=x",
                ["Portal:Targets:main:ConnectionString"] = $"postgres://app:{Secret}@db/clinic",
                ["Portal:Targets:main:OwnerConnectionString"] = $"postgresql://owner:{Secret}@db/clinic?sslmode=maybe",
            }).Build())
            .AddLogging().AddPortalCore().BuildServiceProvider();

        var target = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PortalOptions>>().Value);
        var portal = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PortalConnections>>().Value);

        Assert.Contains("Portal:Targets:main:OwnerConnectionString", target.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Portal", portal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, target + portal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_BothStringsAsUrls_IsTakenAndProven()
    {
        await using var portal = await BackupPortal.CreateAsync(cluster);
        await using var byUrl = portal.Another(
            ("Portal:Targets:main:ConnectionString", Url(portal.Target.RuntimeConnectionString)), ("Portal:Targets:main:OwnerConnectionString", Url(portal.Target.OwnerConnectionString)));

        var backup = await byUrl.TakenAsync();

        var proven = await byUrl.WorkAsync(await byUrl.Acts.ProveAsync(BackupPortal.Admin, backup.Id, null, Token));
        Assert.Null(proven.Error);
    }

    private static string Url(string connectionString)
    {
        var at = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{at.Username}:{Uri.EscapeDataString(at.Password!)}@{at.Host}:{at.Port}/{at.Database}?schema=public&sslmode=disable";
    }

    private static string[] Sorted(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return [.. builder.Keys.Select(key => $"{key}={builder[key]}").Where(pair => pair != "Port=5432").Order(StringComparer.Ordinal)];
    }
}
