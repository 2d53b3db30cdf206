using AdminPortal.Core.Runs;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Migrations;

/// <summary>Takes migrations back: what the portal made is undone, what it did not make only leaves the history. All of it, or nothing.</summary>
internal sealed class MigrationWayBack(MigrationSet set, MigrationRecording recording)
{
    /// <param name="back">Newest first.</param>
    public async Task RunAsync(IReadOnlyList<MigrationScript> back, CancellationToken stopping)
    {
        var plan = await RollBackPlan.ReadAsync(recording.Connection, set, back, stopping);
        if (plan.Obstacles.Count > 0)
        {
            throw new RunFailedException($"Nothing was changed. {string.Join(' ', plan.Obstacles)}");
        }

        foreach (var part in plan.Parts())
        {
            if (recording.StopsHere)
            {
                return;
            }

            await recording.DoAsync(
                Title(part), [.. part.Steps.Select(s => (s.Script, s.IsUndone ? MigrationAct.Down : MigrationAct.Unrecorded))], part.Statements,
                [.. part.Steps.SelectMany(s => new[] { set.HistoryDelete(s.Script.Id), MigrationSteps.Forget(s.Script.Id) })], stopping);
            recording.Advance(part.Steps.Count);
        }
    }

    private static string Title(RollBackPart part)
    {
        var undone = part.Steps.Where(s => s.IsUndone).ToList();
        var left = part.Steps.Count - undone.Count;
        return (undone.Count, left) switch
        {
            (1, 0) => $"Take back {undone[0].Script.Name}",
            (_, 0) => $"Take back {undone.Count} migrations",
            (0, _) => $"Take {left} out of the history and leave what is there",
            _ => $"Take back {undone.Count} migrations, and {left} out of the history without touching what is there",
        };
    }
}
