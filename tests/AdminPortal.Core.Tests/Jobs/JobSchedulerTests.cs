using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Jobs;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Jobs;
using AdminPortal.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Tests.Jobs;

/// <summary>Several portal instances share one schedule on a real database.</summary>
public sealed class JobSchedulerTests(PairingDatabases databases, PostgresCluster cluster) : IClassFixture<PairingDatabases>
{
    private const string EverySecond = "* * * * * ?";
    private static readonly Actor Admin = new("admin", "The admin", AccountRole.Admin, null, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoInstances_OneSchedule_EachFiringRunsOnce()
    {
        var job = new TestJob("shared");
        await using JobInstance first = new(databases.PortalConnection, job, EverySecond), second = new(databases.PortalConnection, job, EverySecond);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        await JobInstance.WaitAsync(async () => (await first.RecordAsync("shared")).Count(r => r.Outcome == JobOutcome.Done) >= 5);

        var runs = await first.RecordAsync("shared");
        Assert.Equal(runs.Count, runs.Select(r => r.StartedAt.ToUnixTimeSeconds()).Distinct().Count());
        Assert.Equal(1, job.Most);
        Assert.All(runs.Where(r => r.Outcome == JobOutcome.Done), r => Assert.Equal((JobRuns.Schedule, "Done.", """{"count": 1}"""), (r.StartedBy, r.Message, r.Figures)));
    }

    [Fact]
    public async Task OneOfTwoInstancesStops_TheOtherGoesOn()
    {
        var job = new TestJob("survivor");
        await using var second = new JobInstance(databases.PortalConnection, job, EverySecond);
        await using (var first = new JobInstance(databases.PortalConnection, job, EverySecond))
        {
            await Task.WhenAll(first.StartAsync(), second.StartAsync());
            await JobInstance.WaitAsync(async () => (await second.RecordAsync("survivor")).Count > 0);
        }

        var before = (await second.RecordAsync("survivor")).Count;
        await JobInstance.WaitAsync(async () => (await second.RecordAsync("survivor")).Count > before + 1);
    }

    /// <summary>The hardest moment: a firing is taken, and has to be given back.</summary>
    [Fact]
    public async Task Stop_DatabaseGoneWhileAFiringIsTaken_DoesNotWaitForItForEver()
    {
        var portal = await cluster.CreatePortalDatabaseAsync(Token);
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(20);
        var instance = new JobInstance(portal.RuntimeConnectionString, new TestJob("taken"), string.Create(CultureInfo.InvariantCulture, $"{soon.Second} {soon.Minute} * * * ?"));
        await using (var owner = NpgsqlDataSource.Create(portal.OwnerConnectionString))
        {
            await instance.StartAsync();
            await JobInstance.WaitAsync(async () =>
            {
                await using var command = owner.CreateCommand("SELECT count(*) FROM portal.qrtz_triggers WHERE trigger_name = 'taken' AND trigger_state = 'ACQUIRED'");
                return await command.ExecuteScalarAsync(Token) is 1L;
            });
        }

        await portal.DisposeAsync();

        await instance.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    [Fact]
    public async Task RunNow_Twice_RunsOnceAndTellsTheSecond()
    {
        var job = new TestJob("asked");
        var hold = new TaskCompletionSource();
        job.Work = _ => hold.Task;
        await using var instance = new JobInstance(databases.PortalConnection, job);
        await instance.StartAsync();
        await JobInstance.WaitAsync(async () => await instance.Board.RunNowAsync(Admin, "asked", Token) == RunNowOutcome.Started);
        await JobInstance.WaitAsync(async () => (await instance.Board.ListAsync(Admin, Token))[0].IsRunning);

        Assert.Equal(RunNowOutcome.AlreadyRunning, await instance.Board.RunNowAsync(Admin, "asked", Token));
        hold.SetResult();

        await JobInstance.WaitAsync(async () => (await instance.RecordAsync("asked")).Single().Outcome == JobOutcome.Done);
        Assert.Equal("The admin", (await instance.RecordAsync("asked")).Single().StartedBy);
        Assert.Null((await instance.Board.ListAsync(Admin, Token))[0].NextRun);
    }

    [Fact]
    public async Task RunNow_ByOthers_IsNotAllowed()
    {
        await using var instance = new JobInstance(databases.PortalConnection, new TestJob("guarded"));
        foreach (var role in new[] { AccountRole.User, AccountRole.Support })
        {
            var actor = Admin with { Role = role };
            Assert.Equal(RunNowOutcome.NotAllowed, await instance.Board.RunNowAsync(actor, "guarded", Token));
            Assert.Equal(role == AccountRole.Support ? 1 : 0, (await instance.Board.ListAsync(actor, Token)).Count);
        }

        Assert.Equal(RunNowOutcome.NotFound, await instance.Board.RunNowAsync(Admin, "nothing", Token));
        Assert.Equal(RunNowOutcome.NotReady, await instance.Board.RunNowAsync(Admin, "guarded", Token));
    }

    [Theory]
    [InlineData(AccountRole.User, null)]
    [InlineData(AccountRole.Support, "It would do nothing.")]
    [InlineData(AccountRole.Admin, "It would do nothing.")]
    public async Task Preview_IsForThoseWhoSeeJobs(AccountRole role, string? preview)
    {
        await using JobInstance plain = new(databases.PortalConnection, new TestJob("plain")), previewed = new(databases.PortalConnection, new PreviewedTestJob());

        Assert.Null(await plain.Board.PreviewAsync(Admin with { Role = role }, "plain", Token));
        Assert.Equal(preview, await previewed.Board.PreviewAsync(Admin with { Role = role }, "previewed", Token));
        Assert.Equal(preview is null ? [] : [true], (await previewed.Board.ListAsync(Admin with { Role = role }, Token)).Select(job => job.HasPreview));
    }

    [Fact]
    public async Task Run_Fails_IsRecordedAndTheNextOneRuns()
    {
        var job = new TestJob("failing");
        var tries = 0;
        job.Work = _ => Interlocked.Increment(ref tries) == 1 ? throw new InvalidOperationException("secret detail") : Task.CompletedTask;
        await using var instance = new JobInstance(databases.PortalConnection, job, EverySecond);
        await instance.StartAsync();

        await JobInstance.WaitAsync(async () => (await instance.RecordAsync("failing")).Any(r => r.Outcome == JobOutcome.Done));

        var failed = (await instance.RecordAsync("failing"))[0];
        Assert.Equal(JobOutcome.Failed, failed.Outcome);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileAJobRuns_EndsItAndRecordsThat()
    {
        var job = new TestJob("stopped") { Work = token => Task.Delay(Timeout.Infinite, token) };
        await using var reader = new JobInstance(databases.PortalConnection, job);
        await using (var instance = new JobInstance(databases.PortalConnection, job, EverySecond))
        {
            await instance.StartAsync();
            await JobInstance.WaitAsync(async () => (await instance.RecordAsync("stopped")).Count > 0);
        }

        Assert.Equal(JobOutcome.Failed, (await reader.RecordAsync("stopped"))[0].Outcome);
    }

    [Fact]
    public async Task StopAsync_FromAnotherInstance_EndsTheRunAndSaysWho()
    {
        var job = new TestJob("stoppable") { Work = token => Task.Delay(Timeout.Infinite, token) };
        await using JobInstance running = new(databases.PortalConnection, job), other = new(databases.PortalConnection, job);
        await running.StartAsync();
        Assert.Equal(StopJobOutcome.NotRunning, await other.Board.StopAsync(Admin, "stoppable", Token));
        await JobInstance.WaitAsync(async () => await running.Board.RunNowAsync(Admin, "stoppable", Token) == RunNowOutcome.Started);
        await JobInstance.WaitAsync(async () => (await other.Board.ListAsync(Admin, Token))[0].IsRunning);
        Assert.Equal(StopJobOutcome.NotAllowed, await other.Board.StopAsync(Admin with { Role = AccountRole.Support }, "stoppable", Token));

        Assert.Equal(StopJobOutcome.Asked, await other.Board.StopAsync(Admin, "stoppable", Token));

        await JobInstance.WaitAsync(async () => (await other.RecordAsync("stoppable")).Single().Outcome == JobOutcome.Stopped);
        Assert.StartsWith("Stopped by The admin.", (await other.RecordAsync("stoppable")).Single().Message, StringComparison.Ordinal);
        Assert.Equal(StopJobOutcome.NotRunning, await other.Board.StopAsync(Admin, "stoppable", Token));
    }

    [Fact]
    public async Task Start_FindsARunOfAnInstanceThatDied_MarksItAbandoned()
    {
        await using var instance = new JobInstance(databases.PortalConnection, new TestJob("left"));
        await instance.AddRunAsync(new JobRun { Job = "left", Outcome = JobOutcome.Running, StartedBy = JobRuns.Schedule, Instance = "gone" });

        await instance.StartAsync();

        await JobInstance.WaitAsync(async () => (await instance.RecordAsync("left")).Single() is { Outcome: JobOutcome.Abandoned, FinishedAt: not null });
    }

    [Fact]
    public async Task Record_OfAJob_IsBounded()
    {
        await using var instance = new JobInstance(databases.PortalConnection, new TestJob("often"));
        await instance.AddRunAsync([.. Enumerable.Range(0, 150).Select(_ => new JobRun { Job = "often", Outcome = JobOutcome.Done, StartedBy = JobRuns.Schedule, Instance = "i" })]);

        var id = await instance.Runs.BeginAsync("often", JobRuns.Schedule, "i", Token);
        await instance.Runs.FinishAsync(id, "often", JobOutcome.Done, new JobResult("Done.", null), Token);

        var runs = await instance.RecordAsync("often");
        Assert.Equal((JobRuns.Kept, id), (runs.Count, runs[^1].Id));
    }

    [Fact]
    public async Task Start_DatabaseIsAway_NeitherFailsNorKeepsThePortalFromStopping()
    {
        await using var instance = new JobInstance("Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none;Timeout=2", new TestJob("away"), EverySecond);

        await instance.StartAsync();
        Assert.Equal(RunNowOutcome.NotAllowed, await instance.Board.RunNowAsync(Admin with { Role = null }, "away", Token));

        await instance.Scheduler.StopAsync(Token);
    }

    [Theory]
    [InlineData("shared", "0 10 3 * * ?", true)]
    [InlineData("shared", "off", true)]
    [InlineData("shared", "every day", false)]
    [InlineData("shared", "", false)]
    [InlineData("unknown", "off", false)]
    public void Options_AreValidatedByName(string name, string schedule, bool valid)
    {
        var result = new JobOptionsValidator([new TestJob("shared")]).Validate(null, new JobOptions { [name] = schedule });

        Assert.Equal(valid, result == ValidateOptionsResult.Success);
        Assert.True(valid || result.FailureMessage!.Contains($"Jobs:{name}", StringComparison.Ordinal));
    }
}
