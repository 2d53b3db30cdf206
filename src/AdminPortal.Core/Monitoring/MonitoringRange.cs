namespace AdminPortal.Core.Monitoring;

/// <summary>A stretch of time to look back at, and the grain in which it is kept and shown.</summary>
/// <param name="Name">In the page's address.</param>
/// <param name="Kept">How long rows of this grain are kept.</param>
public sealed record MonitoringRange(string Name, string Title, TimeSpan Span, TimeSpan Step, TimeSpan Kept)
{
    public static IReadOnlyList<MonitoringRange> All { get; } =
    [
        new("1h", "1 hour", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(2)),
        new("24h", "24 hours", TimeSpan.FromHours(24), TimeSpan.FromMinutes(10), TimeSpan.FromHours(26)),
        new("7d", "7 days", TimeSpan.FromDays(7), TimeSpan.FromHours(1), TimeSpan.FromDays(8)),
        new("90d", "90 days", TimeSpan.FromDays(90), TimeSpan.FromDays(1), TimeSpan.FromDays(100)),
    ];

    public int Grain => (int)Step.TotalSeconds;

    public int Steps => (int)(Span / Step);

    /// <summary>The range of this name, or the shortest.</summary>
    public static MonitoringRange Find(string? name) => All.FirstOrDefault(r => r.Name == name) ?? All[0];
}
