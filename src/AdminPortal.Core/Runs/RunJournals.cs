using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Runs;

/// <summary>A step of a run as pages show it; times in UTC.</summary>
public sealed record RunStepRow(int Position, string Title, RunStepState State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Detail);

/// <summary>A line of a run's log; times in UTC.</summary>
public sealed record RunLineRow(DateTimeOffset At, string Text);

/// <summary>A step that is still to come, as far as earlier runs of the kind tell.</summary>
/// <param name="Usual">How long it usually takes.</param>
public sealed record RunStepToCome(string Title, TimeSpan Usual);

/// <summary>The steps and the last lines of a run.</summary>
public sealed record RunJournalRows(IReadOnlyList<RunStepRow> Steps, IReadOnlyList<RunLineRow> Lines)
{
    /// <summary>Of a run that works still; empty where nothing is known.</summary>
    public IReadOnlyList<RunStepToCome> ToCome { get; init; } = [];
}

/// <summary>Reads and writes what runs tell of themselves.</summary>
public sealed class RunJournals(IDbContextFactory<PortalDbContext> contexts)
{
    private const int LastLines = 200;

    /// <summary>What so many runs of the kind did alike, the next does too.</summary>
    private const int Alike = 2;

    /// <summary>Empty for a run without steps, or one that the actor may not see.</summary>
    public async Task<RunJournalRows> ReadAsync(Actor actor, string runId, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return new RunJournalRows([], []);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var steps = await db.RunSteps.AsNoTracking().Where(s => s.RunId == runId).OrderBy(s => s.Position)
            .Select(s => new RunStepRow(s.Position, s.Title, s.State, s.StartedAt, s.FinishedAt, s.Detail)).ToListAsync(cancellationToken);
        var lines = await db.RunLines.AsNoTracking().Where(l => l.RunId == runId).OrderByDescending(l => l.Id).Take(LastLines)
            .Select(l => new RunLineRow(l.At, l.Text)).ToListAsync(cancellationToken);
        lines.Reverse();
        return new RunJournalRows(steps, lines) { ToCome = await ToComeAsync(db, runId, steps, cancellationToken) };
    }

    /// <summary>The steps that the last runs of its kind on its target had in common, without those that it has begun.</summary>
    private static async Task<IReadOnlyList<RunStepToCome>> ToComeAsync(PortalDbContext db, string runId, List<RunStepRow> steps, CancellationToken cancellationToken)
    {
        var run = await db.OperationRuns.AsNoTracking().Where(r => r.Id == runId && r.FinishedAt == null).Select(r => new { r.Kind, r.Target }).FirstOrDefaultAsync(cancellationToken);
        if (run is null)
        {
            return [];
        }

        var earlier = await db.OperationRuns.AsNoTracking().Where(r => r.Kind == run.Kind && r.Target == run.Target && r.State == RunState.Done)
            .OrderByDescending(r => r.FinishedAt).Take(Alike).Select(r => r.Id).ToListAsync(cancellationToken);
        if (earlier.Count < Alike)
        {
            return [];
        }

        var known = await db.RunSteps.AsNoTracking().Where(s => earlier.Contains(s.RunId) && s.State == RunStepState.Done && s.FinishedAt != null)
            .OrderBy(s => s.Position).Select(s => new { s.RunId, s.Title, Took = s.FinishedAt!.Value - s.StartedAt }).ToListAsync(cancellationToken);
        return [.. known.Where(s => s.RunId == earlier[0] && steps.All(begun => begun.Title != s.Title))
            .Select(s => (s.Title, Times: known.Where(k => k.Title == s.Title).ToList()))
            .Where(s => s.Times.Select(t => t.RunId).Distinct().Count() == Alike)
            .Select(s => new RunStepToCome(s.Title, TimeSpan.FromTicks((long)s.Times.Average(t => t.Took.Ticks))))];
    }

    /// <summary>An earlier attempt's open steps are over; the journal goes on after them.</summary>
    internal static async Task<RunJournal> ContinueAsync(PortalDbContext db, string runId, TimeProvider time, CancellationToken cancellationToken)
    {
        await db.RunSteps.Where(s => s.RunId == runId && s.State == RunStepState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.State, RunStepState.Interrupted).SetProperty(s => s.FinishedAt, time.GetUtcNow()), cancellationToken);
        var last = await db.RunSteps.Where(s => s.RunId == runId).MaxAsync(s => (int?)s.Position, cancellationToken) ?? 0;
        return new RunJournal(runId, last, await db.RunLines.CountAsync(l => l.RunId == runId, cancellationToken), time);
    }

    internal static async Task WriteAsync(PortalDbContext db, RunJournal journal, CancellationToken cancellationToken)
    {
        var (steps, lines) = journal.Take();
        if (steps.Count == 0 && lines.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var step in steps)
            {
                await db.Database.ExecuteSqlAsync($"""
                    INSERT INTO portal.run_steps ("runId", position, title, state, "startedAt", "finishedAt", detail)
                    VALUES ({step.RunId}, {step.Position}, {step.Title}, {step.State.ToString()}, {step.StartedAt}, {step.FinishedAt}, {step.Detail})
                    ON CONFLICT ("runId", position) DO UPDATE SET state = excluded.state, "finishedAt" = excluded."finishedAt", detail = excluded.detail
                    """, cancellationToken);
            }

            db.RunLines.AddRange(lines);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            db.ChangeTracker.Clear();
            journal.Return(steps, [.. lines.Select(l => new RunLine { RunId = l.RunId, At = l.At, Text = l.Text })]);
            throw;
        }
    }
}
