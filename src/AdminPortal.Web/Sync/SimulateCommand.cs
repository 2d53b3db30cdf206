using System.CommandLine;
using System.Globalization;
using AdminPortal.Core.Sync.Simulation;
using AdminPortal.Core.Targets;
using AdminPortal.Web.Hosting;
using Microsoft.Extensions.Options;

namespace AdminPortal.Web.Sync;

/// <summary><c>portal simulate --devices N --minutes M</c>: devices that work offline and sync, against a portal that runs.</summary>
internal static class SimulateCommand
{
    private const int MaximumDevices = 5_000;

    public static Command Build()
    {
        var devices = new Option<int>("--devices") { Description = "How many devices, five to a person.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var minutes = new Option<double>("--minutes") { Description = "For how long; then everybody syncs once more and is compared.", HelpName = "M", DefaultValueFactory = _ => 1 };
        var url = new Option<string?>("--url") { Description = "The running portal; default: Portal:PublicUrl.", HelpName = "URL" };
        var seed = new Option<int>("--seed") { Description = "The same number makes the devices do the same.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var reliable = new Option<bool>("--reliable") { Description = "A network that loses, repeats and delays nothing." };
        devices.Check(count => count is < 1 or > MaximumDevices ? $"--devices must be between 1 and {MaximumDevices:N0}." : null);
        minutes.Check(length => length is not (> 0 and <= 24 * 60) ? "--minutes must be above 0, and at most 1440." : null);
        url.Check(given => given is null || (Uri.TryCreate(given, UriKind.Absolute, out var at) && (at.Scheme == Uri.UriSchemeHttp || at.Scheme == Uri.UriSchemeHttps))
            ? null
            : "--url must be an address such as http://127.0.0.1:5080.");
        var command = new Command("simulate", "Lets simulated phones work offline and sync with a running portal. They are sample data: portal sample clear removes them.")
        {
            devices, minutes, url, seed, reliable,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var databases = await CommandDatabases.OpenAsync(Console.Error, cancellationToken);
            await using var services = await CommandServices.CreateAsync(databases.Configuration, cancellationToken);
            var portal = new Uri(parsed.GetValue(url) ?? services.Get<IOptions<PortalOptions>>().Value.PublicUrl);
            var people = await services.Get<SimulatedPeople>().CreateAsync(parsed.GetValue(devices), cancellationToken);
            await Console.Error.WriteLineAsync($"{people.Count} devices sync with {portal} for {parsed.GetValue(minutes).ToString(CultureInfo.InvariantCulture)} min …");
            var plan = new SimulationPlan(portal, people, TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), !parsed.GetValue(reliable));
            return await TellAsync(await services.Get<SyncSimulation>().RunAsync(plan, new Progress<int>(), cancellationToken));
        });
        return command;
    }

    private static async Task<int> TellAsync(SimulationResult result)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{result.Operations:N0} operations, {result.Conflicts:N0} conflicts, {result.Rejected:N0} rejected.") };
        lines.AddRange(result.Times.Summary().Select(t => string.Create(
            CultureInfo.InvariantCulture, $"{t.Path,-20} {t.Count,8:N0} requests   p50 {t.P50,7:N1} ms   p95 {t.P95,7:N1} ms   p99 {t.P99,7:N1} ms")));
        lines.Add($"answers: {string.Join(", ", result.Times.Statuses.OrderBy(s => s.Key).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Value:N0} × {s.Key}")))}");
        lines.AddRange(result.Errors.GroupBy(e => e, StringComparer.Ordinal).Take(10).Select(e => $"error: {e.Key} ({e.Count()} times)"));
        lines.Add(result.Differing == 0 ? "In the end all devices of each person knew the same." : $"The devices of {result.Differing} people did not know the same in the end.");
        foreach (var line in lines)
            await Console.Out.WriteLineAsync(line);
        return result.Errors.Count == 0 && result.Differing == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
