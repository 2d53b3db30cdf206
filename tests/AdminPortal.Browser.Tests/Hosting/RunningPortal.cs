using System.Collections.Concurrent;
using System.Text.Json;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.SampleData;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using Microsoft.Playwright;
using Npgsql;

namespace AdminPortal.Browser.Tests.Hosting;

/// <summary>A portal with its embedded PostgreSQL and the sample, started once for the whole assembly.</summary>
public class RunningPortal : IAsyncLifetime
{
    private const string AdminEmail = "first-admin@portal.example";
    private const string AdminPassword = "heather-lantern-42-otter";
    private readonly ConcurrentDictionary<Person, Lazy<Task<string>>> _signIns = new();
    private TestRunFolder? _folder;
    private PortalProcess? _process;
    private IReadOnlyList<SampleAccount> _people = [];

    public string Url => Process.Url;

    public PortalProcess Process => _process ?? throw new InvalidOperationException("The portal is not running.");

    public string DataFolder { get; private set; } = "";

    /// <summary>Null: any.</summary>
    protected virtual int? Port => null;

    /// <summary>As environment variables. Limits per minute would count all journeys as one person's haste.</summary>
    protected virtual Dictionary<string, string> Settings => new()
    {
        ["PORTAL_ADMIN_EMAIL"] = AdminEmail,
        ["PORTAL_ADMIN_PASSWORD"] = AdminPassword,
        ["Pairing__Limits__CodesPerAccount"] = "1000",
        ["Pairing__Limits__FailuresPerAddress"] = "1000",
        ["Pairing__Limits__ShortCodeMissesPerAddress"] = "1000",
        ["Monitoring__FlushSeconds"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        _folder = await TestRunFolder.CreateAsync();
        DataFolder = _folder.NewDataFolder();
        _process = new PortalProcess(DataFolder, Settings, Port);
        await _process.StartAsync(CancellationToken.None);
        await using var file = File.OpenRead(Path.Combine(DataFolder, "sample-accounts.json"));
        _people = await JsonSerializer.DeserializeAsync<List<SampleAccount>>(file) ?? [];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            await File.WriteAllTextAsync(Path.Combine(Repository.Artifacts("browser"), $"{GetType().Name}.log"), _process.Log);
        }

        if (_folder is not null)
            await _folder.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public (string Email, string Password) CredentialsOf(Person person) => person switch
    {
        Person.FirstAdmin => (AdminEmail, AdminPassword),
        Person.Admin => Of(AccountRole.Admin),
        Person.Support => Of(AccountRole.Support),
        Person.User => Of(AccountRole.User),
        _ => throw new ArgumentOutOfRangeException(nameof(person), person, "Nobody has no password."),
    };

    /// <summary>The cookies of a person, who signs in on the page the first time that they are asked for.</summary>
    internal Task<string> SignInAsync(Person person, IBrowser browser) =>
        _signIns.GetOrAdd(person, _ => new Lazy<Task<string>>(() => SignInToStayAsync(person, browser))).Value;

    /// <summary>As the owner of the portal's own database.</summary>
    public async Task OnPortalDatabaseAsync(string sql)
    {
        var server = await FindDatabaseAsync(CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("portal", EmbeddedRole.Owner));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The database server of this portal, to do things to.</summary>
    public async Task<EmbeddedPostgres> FindDatabaseAsync(CancellationToken cancellationToken) =>
        await EmbeddedPostgres.FindRunningAsync(new EmbeddedPostgresOptions { DataFolder = DataFolder }, cancellationToken)
        ?? throw new InvalidOperationException("The portal's database is not running.");

    /// <summary>Its session stays fresh: many journeys share it, in whatever order and time. <c>FreshSignInJourneyTests</c> has sessions of its own.</summary>
    private async Task<string> SignInToStayAsync(Person person, IBrowser browser)
    {
        var state = await SignInPage.StateAsync(browser, Url, CredentialsOf(person));
        await OnPortalDatabaseAsync($"""UPDATE portal.account_sessions s SET "confirmedAt" = now() + interval '1 day' FROM portal.accounts a WHERE a.id = s."accountId" AND a.email = '{CredentialsOf(person).Email}'""");
        return state;
    }

    private (string Email, string Password) Of(AccountRole role)
    {
        var account = _people.Single(p => p.Role == role);
        return (account.Email, account.Password);
    }
}
