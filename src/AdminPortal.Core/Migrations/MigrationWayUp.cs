using AdminPortal.Core.Hosts;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Migrations;

namespace AdminPortal.Core.Migrations;

/// <summary>
/// Applies migrations, one after the other, and puts on record in the target that the portal began them. An index that the host
/// has already, under the same name and with the same definition, is used as it is; one that the portal did not make stays.
/// </summary>
/// <param name="runtimeRole">The portal's role, which is none of the host's; null: not told apart from the owner's.</param>
internal sealed class MigrationWayUp(MigrationSet set, MigrationRecording recording, string? runtimeRole)
{
    public async Task RunAsync(IReadOnlyList<MigrationScript> pending, CancellationToken stopping)
    {
        foreach (var script in pending)
        {
            if (recording.StopsHere)
            {
                return;
            }

            await OneAsync(script, stopping);
            recording.Advance(1);
        }
    }

    private async Task OneAsync(MigrationScript script, CancellationToken stopping)
    {
        var effect = set.Effects[script.Id];
        var catalogue = await CatalogueLines.ReadAsync(recording.Connection, stopping);
        var begun = await MigrationSteps.ReadAsync(recording.Connection, set.Effects, stopping);
        List<string> found = [.. effect.Added.Where(catalogue.Contains)];
        if (!script.Up.Any(s => s.InTransaction) && !begun.ContainsKey(script.Id) && IsTheHosts(effect, catalogue, begun))
        {
            await recording.DoAsync($"Leave what is there: {script.Name}", [(script, MigrationAct.Adopted)], [], [set.HistoryInsert(script.Id)], stopping);
            return;
        }

        var parts = await HostParts.ReadAsync(recording.Connection, set, script, catalogue, stopping);
        if (parts.Problems.Count > 0)
        {
            throw new RunFailedException($"{script.Name}: this host does not fit, because {string.Join("; ", parts.Problems.Take(5))}. Nothing of it was changed.");
        }

        var missing = script with { Up = parts.Rest(script.Up) };
        var record = MigrationSteps.Record(script, found.Union(parts.Found));
        if (script.Up.Any(s => !s.InTransaction))
        {
            await TargetHistory.ExecuteAsync(recording.Connection, record, stopping); // it commits by itself: what an end in the middle leaves is known to be the portal's
        }

        IReadOnlyList<string> rights = HostGrants.Sql(missing, set, runtimeRole) is { Length: > 0 } sql ? [sql] : [];
        await recording.DoAsync($"Apply {script.Name}", [(script, MigrationAct.Up)], missing.Up, [set.HistoryInsert(script.Id), record, .. rights], stopping);
    }

    /// <summary>All that it would add is there, or an index that it would take away was not made by the portal.</summary>
    private static bool IsTheHosts(MigrationEffect effect, HashSet<string> catalogue, IReadOnlyDictionary<string, MigrationStep> begun) => effect.Removed.Count == 0
        ? effect.Added.Count > 0 && effect.Added.All(catalogue.Contains)
        : effect.Removed.Any(line => line.StartsWith("index ", StringComparison.Ordinal) && catalogue.Contains(line) && !begun.Values.Any(step => step.Made.Contains(line)));
}
