using AdminPortal.Browser.Tests.Hosting;
using AdminPortal.Core.EmbeddedDatabase;
using AdminPortal.Core.Sync.Simulation;
using AdminPortal.Core.Targets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Browser.Tests.Sync;

/// <summary>Phones go on syncing while the portal and its database are killed. What was acknowledged is there, once.</summary>
[Collection(ImpatientPortalCollection.Name)]
public sealed class SyncSurvivalTests(ImpatientPortal portal)
{
    private const int Enough = 40;
    private readonly List<SimulatedDevice> _phones = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sync_PortalAndDatabaseKilledInTheMiddle_LosesAndDoublesNothing()
    {
        var people = await NewPhonesAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var lives = _phones.Select((phone, i) => Task.Run(() => LiveAsync(phone, new Random(i), over.Token), Token)).ToList();

        await GoOnAsync();
        await portal.Process.KillAsync(Token);
        await portal.Process.StartAsync(Token);
        await GoOnAsync();
        await KillDatabaseAsync();
        await GoOnAsync();
        await over.CancelAsync();
        await Task.WhenAll(lives);
        foreach (var phone in _phones.Concat(_phones))
            await phone.SyncAsync(Token);

        await CheckAsync(people);
    }

    private async Task<IReadOnlyList<SimulatedPairing>> NewPhonesAsync()
    {
        var pairings = await new SimulatedPeople(new TargetAccess(await OptionsAsync())).CreateAsync(2 * SimulatedPeople.DevicesEach, Token);
        foreach (var pairing in pairings)
        {
            var http = new HttpClient { BaseAddress = new Uri(portal.Url), Timeout = TimeSpan.FromSeconds(10) };
            var phone = new SimulatedDevice(http, pairing.Token, pairing.DeviceId, TimeProvider.System);
            await phone.RegisterAsync(Token);
            _phones.Add(phone);
        }

        return pairings;
    }

    /// <summary>Edits and syncs for as long as it may; whatever fails is tried again.</summary>
    private static async Task LiveAsync(SimulatedDevice phone, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            phone.Edit(random.Next(100_000));
            try
            {
                await phone.SyncAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or DeviceRefusedException { Status: System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.TooManyRequests })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            }
        }
    }

    /// <summary>Returns when the portal has started it again; until then, processes of the killed one may still answer.</summary>
    private async Task KillDatabaseAsync()
    {
        var killed = (await portal.FindDatabaseAsync(Token)).ServerProcessId;
        using (var server = System.Diagnostics.Process.GetProcessById(killed))
            server.Kill();
        using var http = new HttpClient { BaseAddress = new Uri(portal.Url) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await IsBackAsync(http, killed, patience.Token))
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
    }

    private async Task<bool> IsBackAsync(HttpClient http, int killed, CancellationToken cancellationToken)
    {
        try
        {
            return (await portal.FindDatabaseAsync(cancellationToken)).ServerProcessId != killed && (await http.GetAsync(new Uri("/api/health", UriKind.Relative), cancellationToken)).IsSuccessStatusCode;
        }
        catch (InvalidOperationException)
        {
            return false; // it is not running yet
        }
    }

    /// <summary>Until so many more operations were acknowledged.</summary>
    private async Task GoOnAsync()
    {
        var before = _phones.Sum(p => p.Acknowledged.Count);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (_phones.Sum(p => p.Acknowledged.Count) < before + Enough)
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
    }

    private async Task CheckAsync(IReadOnlyList<SimulatedPairing> people)
    {
        await using var databases = await DatabasesAsync();
        var ledger = await ListAsync(databases, "SELECT \"opId\" FROM sync.ops WHERE \"userId\" = ANY ($1)", people);
        Assert.Empty(_phones.SelectMany(p => p.Acknowledged).Select(a => a.Op["opId"]!.GetValue<string>()).Except(ledger));
        Assert.Empty(await ListAsync(databases, "SELECT \"clientId\" FROM public.tasks WHERE \"userId\" = ANY ($1) GROUP BY 1 HAVING count(*) > 1", people));
        var tasks = await ListAsync(databases, "SELECT concat_ws('|', \"userId\", id, title, notes) FROM public.tasks WHERE \"userId\" = ANY ($1)", people);
        foreach (var (phone, pairing) in _phones.Zip(people))
        {
            Assert.Empty(phone.Disk.Outbox);
            Assert.Equal(
                tasks.Where(t => t.StartsWith($"{pairing.UserId}|", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                phone.Disk.Rows.Values.Where(r => r.Entity == "task").Select(r => string.Join('|', new[] { pairing.UserId, r.Id, r.Fields["title"]?.GetValue<string>(), r.Fields["notes"]?.GetValue<string>() }.OfType<string>())).Order(StringComparer.Ordinal));
        }
    }

    private async Task<DeviceDatabases> DatabasesAsync() => new(await OptionsAsync());

    private async Task<IOptions<PortalOptions>> OptionsAsync()
    {
        var database = await portal.FindDatabaseAsync(Token);
        var target = new TargetOptions { ConnectionString = database.ConnectionString("main", EmbeddedRole.Runtime), OwnerConnectionString = database.ConnectionString("main", EmbeddedRole.Owner) };
        return Options.Create(new PortalOptions { PublicUrl = portal.Url, Targets = { ["main"] = target } });
    }

    private static async Task<List<string>> ListAsync(DeviceDatabases databases, string sql, IReadOnlyList<SimulatedPairing> people)
    {
        await using var command = databases.PrimaryDataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = people.Select(p => p.UserId).Distinct().ToArray() });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var lines = new List<string>();
        while (await reader.ReadAsync(Token))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
