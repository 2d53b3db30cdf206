using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;

namespace AdminPortal.Core.Overview;

/// <summary>What the managed databases and the portal's own work need from somebody, and what is well. For admins and support.</summary>
public sealed class OverviewTasks(TargetList targets, PortalTasks portal, TimeProvider time)
{
    /// <summary>Null for people who do not see everyone's devices.</summary>
    public async Task<OverviewState?> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return null;
        }

        var rows = await targets.ReadAsync(actor, cancellationToken);
        var now = time.GetUtcNow();
        var (tasks, well) = await portal.ReadAsync(cancellationToken);
        return new OverviewState(
            [.. rows.SelectMany(row => TargetTasks.Of(row, rows.FirstOrDefault(r => r.Name == row.Requires), now)), .. tasks],
            [.. rows.Select(row => TargetTasks.Well(row, now)).OfType<WellLine>(), .. well], now);
    }
}
