using AdminPortal.Core.Lists;
using AdminPortal.Core.Overview;
using AdminPortal.Core.Sync;
using AdminPortal.Web.Overview;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Web.Tests.Overview;

/// <summary>The first page's list: how it is headed, what each line says, and where its button leads.</summary>
public sealed class TaskListTests : BunitContext
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly OverviewTask Task = new("main has no backup", "Last backup: never.", null, "/backups", "Back up");
    private static readonly WellLine Well = new("staging", [new("migrated"), new("verified", Now.AddMinutes(-11))], "/targets");

    [Theory]
    [InlineData(0, 1, "All is well")]
    [InlineData(1, 1, "All well except 1 thing")]
    [InlineData(2, 1, "All well except 2 things")]
    [InlineData(2, 0, "2 things need a hand")]
    public void Heading_SaysHowMuchNeedsAHand(int tasks, int well, string heading) =>
        Assert.Equal(heading, Show([.. Enumerable.Range(0, tasks).Select(i => Task with { Title = $"{i}" })], [.. Enumerable.Repeat(Well, well)]).Find("h2").TextContent);

    [Fact]
    public void Task_HasAButtonThatNamesIt_AndWhatIsWellItsAges()
    {
        var list = Show([Task], [Well]);

        Assert.Equal(("/backups", "Back up: main has no backup"), (list.Find(".tasks a").GetAttribute("href"), list.Find(".tasks a").GetAttribute("aria-label")));
        Assert.Equal("staging migrated · verified 11 min ago", string.Join(' ', list.Find(".well li > span").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void DeviceTasks_NameWhatIsThere_TheMostUrgentFirst()
    {
        var zero = new Tally(0);
        var facts = new OverviewFacts(zero, zero, zero, new(42), zero, zero, new(1), zero, new(1), new(2), zero, [new HeldPolicy("unseen", 48_009, 100_000, Now)], new Dictionary<SyncVerdict, Tally>());

        Assert.Equal(
            ["2 alerts wait", "A policy waits for a yes", "42 quarantined devices wait", "1 device has a sync problem", "1 device expires within 7 days"],
            DeviceTasks.Of(facts).Select(t => t.Title));
        Assert.Empty(DeviceTasks.Of(facts with { Quarantined = zero, EndingSoonCount = zero, SyncProblems = zero, OpenAlerts = zero, HeldPolicies = [] }));
        Assert.Equal("About 80,000 quarantined devices wait", DeviceTasks.Of(facts with { OpenAlerts = zero, HeldPolicies = [], Quarantined = new(80_123, IsAbout: true) })[0].Title);
    }

    private IRenderedComponent<TaskList> Show(IReadOnlyList<OverviewTask> tasks, IReadOnlyList<WellLine> well)
    {
        Services.AddSingleton(TimeProvider.System);
        return Render<TaskList>(parameters => parameters.Add(l => l.Tasks, tasks).Add(l => l.Well, well).Add(l => l.ReadAt, Now));
    }
}
