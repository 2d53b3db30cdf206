using System.Collections.Concurrent;
using System.Diagnostics;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>How long the portal took to answer, by what was asked, as the devices saw it.</summary>
public sealed class RequestTimes(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> times = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> statuses = new();

    /// <summary>Answers by status code.</summary>
    public IReadOnlyDictionary<int, int> Statuses => statuses;

    /// <summary>By path: how many, and the 50th, 95th and 99th percentile in milliseconds.</summary>
    public IReadOnlyList<(string Path, int Count, double P50, double P95, double P99)> Summary() =>
        [.. times.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, Sorted: t.Value.Order().ToList()))
            .Select(t => (t.Key, t.Sorted.Count, At(t.Sorted, 0.50), At(t.Sorted, 0.95), At(t.Sorted, 0.99)))];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await base.SendAsync(request, cancellationToken);
        times.GetOrAdd(request.RequestUri!.AbsolutePath, _ => []).Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, count) => count + 1);
        return answer;
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
