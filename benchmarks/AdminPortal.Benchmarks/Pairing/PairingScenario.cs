using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AdminPortal.Core.Pairing;
using AdminPortal.Core.Permissions;
using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AdminPortal.Benchmarks.Pairing;

/// <summary>
/// Code, claim, confirmation and collection by the portal's services, beside pgbench with the statements of the same
/// transactions (<c>pairing.sql</c>), both with the same number of connections.
/// </summary>
internal sealed partial class PairingScenario : IScenario
{
    private const int Pairings = 100;
    private const int AtOnce = 4;
    private const int Rounds = 7;

    /// <summary>The runtime compiles what is called often anew, in the background: until then a portal that has just started is measured.</summary>
    private const int WarmUps = 20;
    private int count;

    public string Name => "Pairing";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        await using var portal = await BenchmarkPortal.StartAsync(world, cancellationToken);
        if (portal is null)
        {
            report.Note("Left out: a database was given, and this needs the portal's own beside it.");
            return;
        }

        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var mine = await Report.TimeAsync(() => Parallel.ForEachAsync(
                Enumerable.Range(0, Pairings), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (_, token) => await PairAsync(portal.Services, Interlocked.Increment(ref count), token)));
            if (round < -1)
            {
                continue;
            }

            var bare = await PgbenchAsync(world, cancellationToken);
            if (round >= 0)
            {
                ours.Add(mine);
                theirs.Add(bare);
            }
        }

        await report.WriteAsync($"code, claim, confirm, collect: {Pairings} pairings, {AtOnce} at a time", ours, theirs);
        report.Note("The bare SQL is pgbench with the statements of the same transactions. The portal also asks its own database whether the account is in good standing, and hashes.");
    }

    private static async Task PairAsync(IServiceProvider services, int number, CancellationToken cancellationToken)
    {
        var person = BenchmarkPortal.Person((number % BenchmarkPortal.People) + 1);
        var made = await services.GetRequiredService<PairingCodes>().CreateAsync(
            person, new CodeRequest([new ScopeGrant(PermissionScope.WriteNotes), new ScopeGrant(PermissionScope.ViewTranscript)]), cancellationToken);
        var code = ((CreateCodeOutcome.Created)made).Code;
        var key = PairingSecrets.NewClaimKey();
        var device = $"bench-{Environment.ProcessId}-{number}";
        var claim = await services.GetRequiredService<PairingClaims>().ClaimAsync(
            new ClaimRequest(code.SessionId, code.QrPayload.PairingCode, null, device, DeviceType.MobileIos, "Bench phone", "iOS", "26.1", "1.0", key, "192.0.2.2", "benchmark"), cancellationToken);
        var digits = ((ClaimOutcome.PendingConfirmation)claim).MatchNumber;
        await services.GetRequiredService<PairingConfirmation>().ConfirmAsync(person, code.SessionId, digits, cancellationToken);
        if (await services.GetRequiredService<PairingCollection>().CollectAsync(code.SessionId, key, "192.0.2.2", cancellationToken) is not CollectOutcome.Paired)
        {
            throw new InvalidOperationException("The device was not paired.");
        }
    }

    /// <summary>Milliseconds for as many transactions, by pgbench's own figure, which leaves connecting out.</summary>
    private static async Task<double> PgbenchAsync(BenchmarkWorld world, CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(world.ConnectionString);
        var start = new ProcessStartInfo(Programs().First(File.Exists)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "-n", "-M", "extended", "-c", Text(AtOnce), "-j", "2", "-t", Text(Pairings / AtOnce), "-f", Path.Combine(AppContext.BaseDirectory, "Pairing", "pairing.sql"),
            "-h", server.Host!, "-p", Text(server.Port), "-U", server.Username!, server.Database!,
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PGPASSWORD"] = server.Password;
        using var pgbench = Process.Start(start)!;
        var (output, errors) = (pgbench.StandardOutput.ReadToEndAsync(cancellationToken), pgbench.StandardError.ReadToEndAsync(cancellationToken));
        await pgbench.WaitForExitAsync(cancellationToken);
        var rate = Rate().Match(await output);
        return rate.Success
            ? Pairings * 1000 / double.Parse(rate.Groups["tps"].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench failed: {await errors}");
    }

    private static IEnumerable<string> Programs() =>
        [.. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Reverse().Select(d => Path.Combine(d, "bin", "pgbench")) : [],
            "/usr/bin/pgbench", "/usr/local/bin/pgbench"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("tps = (?<tps>[0-9.]+) \\(without", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}
