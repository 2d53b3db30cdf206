using AdminPortal.Core.Runs;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using AdminPortal.Testing;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Tests.Runs;

/// <summary>What a run has still to do, from what the last ones of its kind did alike.</summary>
public sealed class RunStepsToComeTests(PostgresCluster cluster)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_RunThatWorks_NamesTheStepsToCome_WithTheirUsualTime()
    {
        await using var world = await OperationsWorld.CreateAsync(cluster, migrated: true);
        await AddAsync(world, "1", RunState.Done, ("Take a backup of main", 4), ("Apply add_old", 1), ("Verify the database", 10));
        await AddAsync(world, "2", RunState.Done, ("Take a backup of main", 6), ("Apply add_older", 1), ("Verify the database", 20));
        await AddAsync(world, "3", RunState.Running, ("Take a backup of main", 5));

        var journal = await world.Get<RunJournals>().ReadAsync(OperationsWorld.Support, "3", Token);

        Assert.Equal([new RunStepToCome("Verify the database", TimeSpan.FromSeconds(15))], journal.ToCome); // what only one run did is not to be expected
        Assert.Empty((await world.Get<RunJournals>().ReadAsync(OperationsWorld.Support, "2", Token)).ToCome);
    }

    private static async Task AddAsync(OperationsWorld world, string id, RunState state, params (string Title, int Seconds)[] steps)
    {
        await using var db = await world.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Token);
        db.OperationRuns.Add(new OperationRun
        {
            Id = id,
            Kind = "target.migrate",
            Target = "main",
            Title = "Apply",
            State = state,
            Parameters = "{}",
            ActorId = "a",
            CreatedAt = Start,
            FinishedAt = state == RunState.Done ? Start.AddMinutes(1) : null,
        });
        db.RunSteps.AddRange(steps.Select((step, i) => new RunStep
        {
            RunId = id,
            Position = i + 1,
            Title = step.Title,
            State = RunStepState.Done,
            StartedAt = Start,
            FinishedAt = Start.AddSeconds(step.Seconds),
        }));
        await db.SaveChangesAsync(Token);
    }
}
