using System.Globalization;

namespace AdminPortal.Benchmarks.Memory;

/// <summary>
/// A hundred browser pages that show the list of devices: what the portal's process holds before and after, and what one
/// circuit holds of the managed heap (in a portal inside this process, where the heap can be collected and read).
/// </summary>
internal sealed class CircuitMemoryScenario : IScenario
{
    private const int WarmUps = 10;
    private const int Circuits = 100;
    private const int Turns = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public string Name => "Memory of open device lists";

    public async Task RunAsync(BenchmarkWorld world, Report report, CancellationToken cancellationToken)
    {
        if (world.PortalConnectionString is not { } portalDatabase)
        {
            report.Note("Not measured: it needs a database for the portal itself (`--portal-database`).");
            return;
        }

        report.Note(await ProcessAsync(world, portalDatabase, cancellationToken));
        report.Note(await HeapAsync(world, cancellationToken));
    }

    private static async Task<string> ProcessAsync(BenchmarkWorld world, string portalDatabase, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProgram.StartAsync(world, portalDatabase, cancellationToken);
        var started = await ReadAsync(portal, "started");
        await using var lists = await OpenLists.SignInAsync(portal.Address);
        await lists.OpenAsync(WarmUps, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var few = await ReadAsync(portal, "few");
        await lists.OpenAsync(Circuits - WarmUps, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var many = await ReadAsync(portal, "many");
        await lists.WanderAsync(Turns);
        await Task.Delay(Rest, cancellationToken);
        var wandered = await ReadAsync(portal, "wandered");
        return string.Create(CultureInfo.InvariantCulture, $"""
            | the portal's process, Release | resident | without mapped files |
            |---|---|---|
            | started | {started.Resident:N0} MB | {started.Anonymous:N0} MB |
            | {WarmUps} lists open | {few.Resident:N0} MB | {few.Anonymous:N0} MB |
            | {Circuits} lists open | {many.Resident:N0} MB | {many.Anonymous:N0} MB |
            | and {Turns} navigations in one of them | {wandered.Resident:N0} MB | {wandered.Anonymous:N0} MB |
            | for each list more | {(many.Resident - few.Resident) * 1024 / (Circuits - WarmUps):N0} KB | {(many.Anonymous - few.Anonymous) * 1024 / (Circuits - WarmUps):N0} KB |
            """);
    }

    private static async Task<string> HeapAsync(BenchmarkWorld world, CancellationToken cancellationToken)
    {
        await using var portal = (await BenchmarkPortal.StartAsync(world, cancellationToken))!;
        await using var lists = await OpenLists.SignInAsync(portal.Address.ToString());
        await lists.OpenAsync(WarmUps, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var few = Collected();
        await lists.OpenAsync(Circuits - WarmUps, cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var many = Collected();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Managed heap, collected: {few / 1024.0 / 1024:N1} MB with {WarmUps} lists open, {many / 1024.0 / 1024:N1} MB with {Circuits}: {(many - few) / 1024.0 / (Circuits - WarmUps):N0} KB for each.");
    }

    private static async Task<(double Resident, double Anonymous)> ReadAsync(PortalProgram portal, string when)
    {
        var memory = portal.ReadMemory();
        await Console.Error.WriteLineAsync($"{when}: {memory.Resident:N0} MB");
        return memory;
    }

    private static long Collected()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
