using System.Collections.Concurrent;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Bulk;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Runs;
using Npgsql;

namespace AdminPortal.Core.Tests.Runs;

/// <summary>Long work of any kind: one instance at a time, taken up after a death, told when it fails.</summary>
public sealed class RunWorkerTests(PairingDatabases databases) : PairingTest(databases)
{
    /// <summary>Of each test its own: a worker takes up whatever waits in the database that the tests share, but only of kinds that it knows.</summary>
    private readonly string _kind = $"test.{Ids.New()}";

    [Fact]
    public async Task Worker_TwoInstances_RunEachRunOnce()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var work = Does(async (run, _) =>
        {
            await Task.Yield();
            run.Report(1, 0, 1);
        });
        await using var here = Portal(work);
        await using var there = Portal(work);
        await here.WorkAsync();
        await there.WorkAsync();

        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
            ids.Add(await StartAsync(i % 2 == 0 ? here : there, admin));
        foreach (var id in ids)
            Assert.Equal(RunState.Done, (await here.EndOfAsync(admin, id)).State);

        Assert.Equal(ids.Order(StringComparer.Ordinal), work.Worked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Worker_RunWithoutHeartbeat_IsTakenUp()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var work = Does((_, _) => Task.CompletedTask);
        await using var portal = Portal(work);
        var id = await StartAsync(portal, admin);
        await portal.ExecuteAsync("""UPDATE portal.operation_runs SET state = 'Running', instance = 'dead', "heartbeatAt" = now() WHERE id = $1""", id);
        await portal.WorkAsync();

        Assert.Equal(RunState.Done, (await portal.EndOfAsync(admin, id)).State);
        Assert.NotEqual("dead", (await portal.RowAsync(id)).Instance);
    }

    [Fact]
    public async Task Worker_TakenAwayWhileItWorks_LetsGo()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var work = Does(async (_, token) =>
        {
            begun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.TrySetResult();
            }
        });
        await using var portal = Portal(work);
        await portal.WorkAsync();
        var id = await StartAsync(portal, admin);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await portal.ExecuteAsync("""UPDATE portal.operation_runs SET instance = 'another', "heartbeatAt" = now() + interval '1 hour' WHERE id = $1""", id);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal("another", (await portal.RowAsync(id)).Instance);
    }

    [Fact]
    public async Task Worker_HeartbeatFailsForAnUnforeseenReason_LetsGo()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var (begun, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var portal = Portal(Does(async (_, token) =>
        {
            begun.TrySetResult();
            await using var noticed = token.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        }));
        var id = await StartAsync(portal, admin);
        await using var owner = new NpgsqlConnection(Store.PortalOwnerConnection);
        await owner.OpenAsync(Token);
        await ExecuteAsync($$"""
            CREATE FUNCTION portal.broken_beat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1 / 0; RETURN NEW; END';
            CREATE TRIGGER broken_beat BEFORE UPDATE ON portal.operation_runs FOR EACH ROW
                WHEN (OLD.id = '{{id}}' AND OLD.state = 'Running' AND OLD."heartbeatAt" IS NOT NULL AND NEW."heartbeatAt" IS NOT NULL) EXECUTE FUNCTION portal.broken_beat()
            """);

        try
        {
            await portal.WorkAsync();
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

            await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        finally
        {
            await ExecuteAsync("DROP TRIGGER broken_beat ON portal.operation_runs; DROP FUNCTION portal.broken_beat()");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    [Fact]
    public async Task Worker_ShutDown_GivesTheRunBackAndTheNextGoesOn()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var begun = new TaskCompletionSource();
        await using var first = Portal(Does(async (_, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        }));
        await first.WorkAsync();
        var id = await StartAsync(first, admin);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await first.ShutDownAsync();

        Assert.Null((await first.RowAsync(id)).HeartbeatAt);
        await using var second = Portal(Does((_, _) => Task.CompletedTask));
        await second.WorkAsync();
        Assert.Equal(RunState.Done, (await second.EndOfAsync(admin, id)).State);
    }

    [Fact]
    public async Task Worker_WorkFails_EndsInWordsForPeople()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        await using var portal = Portal(Does((run, _) => run.Reason == "expected"
            ? throw new RunFailedException("The list is gone.")
            : throw new InvalidOperationException("a secret detail")));
        await portal.WorkAsync();

        var told = await portal.EndOfAsync(admin, await StartAsync(portal, admin, "expected"));
        var bug = await portal.EndOfAsync(admin, await StartAsync(portal, admin, "bug"));

        Assert.Equal((RunState.Failed, "The list is gone."), (told.State, told.Error));
        Assert.Equal(RunState.Failed, bug.State);
        Assert.DoesNotContain("secret", bug.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SameExclusiveKey_IsToldOfTheFirst()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        await using var portal = Portal(Does((_, _) => Task.CompletedTask));
        var key = Ids.New();

        var outcomes = await AtOnceAsync(8, _ => portal.Runs.StartAsync(admin, New() with { ExclusiveKey = key }, Token));

        var started = Assert.Single(outcomes.OfType<StartRunOutcome.Started>());
        Assert.All(outcomes.OfType<StartRunOutcome.AlreadyRunning>(), o => Assert.Equal(started.RunId, o.RunId));
        await portal.WorkAsync();
        await portal.EndOfAsync(admin, started.RunId);
        Assert.IsType<StartRunOutcome.Started>(await portal.Runs.StartAsync(admin, New() with { ExclusiveKey = key }, Token));
    }

    [Fact]
    public async Task StopAsync_BeforeItBegan_StopsWithoutWork()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        await using var portal = Portal(Does((run, _) => Task.FromResult(run.StopsHere())));
        var id = await StartAsync(portal, admin);
        Assert.IsType<StopRunOutcome.Stopping>(await portal.Runs.StopAsync(admin, id, Token));

        await portal.WorkAsync();

        Assert.Equal(RunState.Stopped, (await portal.EndOfAsync(admin, id)).State);
    }

    [Fact]
    public async Task FindAndList_ByRole_ShowStaffOnly()
    {
        var admin = await World.NewPersonAsync(AccountRole.Admin);
        var (support, user) = (await World.NewPersonAsync(AccountRole.Support), await World.NewPersonAsync());
        await using var portal = Portal(Does((_, _) => Task.CompletedTask));
        var id = await StartAsync(portal, admin);

        Assert.NotNull(await portal.Runs.FindAsync(support, id, Token));
        Assert.Contains(await portal.Runs.ListAsync(support, Token), run => run.Id == id);
        Assert.Null(await portal.Runs.FindAsync(user, id, Token));
        Assert.Empty(await portal.Runs.ListAsync(user, Token));
        Assert.IsType<StopRunOutcome.NotFound>(await portal.Runs.StopAsync(user, id, Token));
    }

    private Work Does(Func<RunContext, CancellationToken, Task> work) => new(_kind, work);

    private NewRun New(string? reason = null) => new(Ids.New(), _kind, "main", "Test work", "{}", reason);

    private BulkPortal Portal(IRunWork work) => new(World, Store.PortalConnection, work);

    private async Task<string> StartAsync(BulkPortal portal, Actor actor, string? reason = null) =>
        Assert.IsType<StartRunOutcome.Started>(await portal.Runs.StartAsync(actor, New(reason), Token)).RunId;

    private sealed class Work(string kind, Func<RunContext, CancellationToken, Task> work) : IRunWork
    {
        public ConcurrentQueue<string> Worked { get; } = [];

        public IReadOnlyCollection<string> Kinds { get; } = [kind];

        public Task WorkAsync(RunContext run, CancellationToken cancellationToken)
        {
            Worked.Enqueue(run.Id);
            return work(run, cancellationToken);
        }
    }
}
