using System.Globalization;
using AdminPortal.Benchmarks;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var pairings = int.Parse(Option("--pairings") ?? "1000000", CultureInfo.InvariantCulture);
var keep = Option("--folder");
var folder = keep ?? Path.Combine(Path.GetTempPath(), $"adminportal-benchmarks-{Environment.ProcessId}");
await using var world = Option("--database") is { } connection
    ? BenchmarkWorld.On(connection, Option("--portal-database"))
    : await BenchmarkWorld.FillAsync(folder, pairings, keep is not null, stop.Token);
var report = new Report();
var scenarios = typeof(IScenario).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IScenario)))
    .Select(type => (IScenario)Activator.CreateInstance(type)!).Where(s => Option("--only") is not { } only || s.Name == only).OrderBy(s => s.Name, StringComparer.Ordinal);
foreach (var scenario in scenarios)
{
    report.Heading(scenario.Name);
    await scenario.RunAsync(world, report, stop.Token);
}

var shown = string.Join(' ', args.Select((arg, i) => i > 0 && args[i - 1] is "--database" or "--portal-database" ? "…" : arg)); // it holds a password
var now = TimeProvider.System.GetUtcNow();
Console.WriteLine($"""
    # Benchmarks

    Made by `./benchmarks/run {shown}` on {now:yyyy-MM-dd HH:mm} UTC: {Environment.ProcessorCount} cores, PostgreSQL and the portal on the same machine,
    {pairings:N0} pairings. Every line is the median of 21 rounds, portal and bare SQL in turns in one run; times differ between machines, the ratios less.
    The bare SQL is the best that we know by hand for the same answer, sent with Npgsql and nothing else.
    """);
Console.WriteLine(report.Text);
