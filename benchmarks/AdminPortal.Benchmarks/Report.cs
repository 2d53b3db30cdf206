using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AdminPortal.Benchmarks;

/// <summary>
/// Measures the portal and the bare SQL in turns, so that both meet the same weather, and writes medians, 95th percentiles
/// and their ratio as a table.
/// </summary>
internal sealed class Report
{
    private const int WarmUps = 3;
    private readonly StringBuilder text = new();

    public string Text => text.ToString();

    public void Heading(string name) => text.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n")
        .Append("| what | portal median | portal p95 | bare SQL median | ratio |\n|---|---|---|---|---|\n");

    public void Note(string line) => text.Append('\n').Append(line).Append('\n');

    /// <returns>The portal's median.</returns>
    public async Task<TimeSpan> CompareAsync(string what, Func<Task> portal, Func<Task>? bare, int rounds = 21)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -WarmUps; round < rounds; round++)
        {
            var mine = await TimeAsync(portal);
            var other = bare is null ? 0 : await TimeAsync(bare);
            if (round >= 0)
            {
                ours.Add(mine);
                theirs.Add(other);
            }
        }

        return await WriteAsync(what, ours, bare is null ? null : theirs);
    }

    /// <summary>A line from times that were measured elsewhere, in milliseconds.</summary>
    /// <returns>The portal's median.</returns>
    public async Task<TimeSpan> WriteAsync(string what, List<double> ours, List<double>? theirs)
    {
        ours.Sort();
        theirs?.Sort();
        var (median, p95) = (ours[ours.Count / 2], ours[(int)Math.Ceiling(ours.Count * 0.95) - 1]);
        var line = theirs is null
            ? $"| {what} | {median:N1} ms | {p95:N1} ms | – | – |"
            : $"| {what} | {median:N1} ms | {p95:N1} ms | {theirs[theirs.Count / 2]:N1} ms | {median / theirs[theirs.Count / 2]:N2} |";
        text.Append(line).Append('\n');
        await Console.Error.WriteLineAsync(line);
        return TimeSpan.FromMilliseconds(median);
    }

    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
