using System.Collections.Concurrent;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>What a simulation is to be.</summary>
/// <param name="Seed">The same seed makes the same people do the same.</param>
/// <param name="Unreliable">True: a tenth of the requests or answers is lost, repeated or late.</param>
public sealed record SimulationPlan(Uri Portal, IReadOnlyList<SimulatedPairing> Devices, TimeSpan Time, int Seed, bool Unreliable);

/// <summary>What a simulation saw.</summary>
/// <param name="Errors">What must not happen: answers 5xx, refusals, broken promises. Empty when all is well.</param>
/// <param name="Differing">People whose devices did not know the same in the end.</param>
public sealed record SimulationResult(int Operations, int Conflicts, int Rejected, RequestTimes Times, IReadOnlyList<string> Errors, int Differing);

/// <summary>Many devices of many people that work offline and sync, against a running portal.</summary>
public sealed class SyncSimulation(TimeProvider time)
{
    /// <summary>A person looks at their phone, changes one to three things, and puts it away.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <param name="progress">Told the operations acknowledged so far.</param>
    public async Task<SimulationResult> RunAsync(SimulationPlan plan, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using var connections = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        using var times = new RequestTimes(connections);
        var errors = new ConcurrentBag<string>();
        var devices = plan.Devices.Select((pairing, i) => (pairing.UserId, Phone: Phone(plan, pairing, times, new Random(plan.Seed + i)))).ToList();
        var end = time.GetTimestamp();
        await Task.WhenAll(devices.Select(async d =>
        {
            await LiveAsync(d.Phone, () => time.GetElapsedTime(end) >= plan.Time, errors, cancellationToken);
            progress.Report(devices.Sum(other => other.Phone.Device.Acknowledged.Count));
        }));
        for (var round = 0; round < 2; round++)
        {
            await Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (d, token) =>
            {
                d.Phone.IsCalm = true;
                await TryAsync(() => d.Phone.Device.SyncAsync(token), errors, token);
            });
        }

        var acknowledged = devices.SelectMany(d => d.Phone.Device.Acknowledged).Select(a => a.Result["status"]!.GetValue<string>()).ToList();
        return new SimulationResult(
            acknowledged.Count, acknowledged.Count(s => s == "conflict"), acknowledged.Count(s => s == "rejected"), times, [.. errors],
            devices.GroupBy(d => d.UserId, StringComparer.Ordinal).Count(person => person.Select(d => Fingerprint(d.Phone.Device)).Distinct(StringComparer.Ordinal).Count() > 1));
    }

    private SimulatedPhone Phone(SimulationPlan plan, SimulatedPairing pairing, RequestTimes times, Random random)
    {
        var phone = new SimulatedPhone(random);
        var network = new UnreliableNetwork(times, () => plan.Unreliable && !phone.IsCalm && random.Next(10) == 0 ? (NetworkFault)random.Next(1, 5) : NetworkFault.None);
        phone.Device = new SimulatedDevice(new HttpClient(network, disposeHandler: false) { BaseAddress = plan.Portal }, pairing.Token, pairing.DeviceId, time)
        {
            ClockSkew = TimeSpan.FromSeconds(random.Next(-600, 600)),
        };
        return phone;
    }

    private async Task LiveAsync(SimulatedPhone phone, Func<bool> isOver, ConcurrentBag<string> errors, CancellationToken cancellationToken)
    {
        await Task.Delay(LongestPause * phone.Random.NextDouble(), time, cancellationToken);
        while (!isOver() && !await TryAsync(() => phone.Device.RegisterAsync(cancellationToken), errors, cancellationToken))
        {
            await Task.Delay(LongestPause * phone.Random.NextDouble(), time, cancellationToken);
        }

        while (!isOver())
        {
            for (var edits = phone.Random.Next(1, 4); edits > 0; edits--)
            {
                phone.Device.Edit(phone.Random.Next(100_000));
            }

            await TryAsync(() => phone.Device.SyncAsync(cancellationToken), errors, cancellationToken);
            await Task.Delay(LongestPause * phone.Random.NextDouble(), time, cancellationToken);
        }
    }

    /// <summary>A lost request is part of life; the rest is an error. True: it went well.</summary>
    private async Task<bool> TryAsync(Func<Task> call, ConcurrentBag<string> errors, CancellationToken cancellationToken)
    {
        try
        {
            await call();
            return true;
        }
        catch (DeviceRefusedException refused) when (refused.RetryAfter is { } wait)
        {
            errors.Add(refused.Message);
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (Exception e) when (e is DeviceRefusedException or InvalidOperationException)
        {
            errors.Add(e.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.Unknown)
        {
            // the simulated network
        }
        catch (HttpRequestException e)
        {
            errors.Add(e.Message);
        }

        return false;
    }

    private static string Fingerprint(SimulatedDevice device) =>
        string.Join('\n', device.Disk.Rows.Values.OrderBy(r => r.Id, StringComparer.Ordinal).Select(r => $"{r.Id} {r.Fields.ToJsonString()}"));

    private sealed class SimulatedPhone(Random random)
    {
        public Random Random => random;

        public SimulatedDevice Device { get; set; } = null!;

        /// <summary>True: the network does nothing to it any more.</summary>
        public bool IsCalm { get; set; }
    }
}
