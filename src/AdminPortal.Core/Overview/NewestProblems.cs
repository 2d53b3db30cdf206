using AdminPortal.Core.Activity;
using AdminPortal.Core.Sync;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>The devices whose sync needs somebody, those last in contact first: where support begins its day.</summary>
public sealed class NewestProblems(IDbContextFactory<DeviceDbContext> databases)
{
    private const int Shown = 5;

    /// <summary>Empty for people who do not see everyone's devices.</summary>
    public async Task<IReadOnlyList<SyncStanding>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await SyncModule.IsOnAsync(db, cancellationToken))
        {
            return [];
        }

        return await SyncStandings.Of(db, actor, await SyncThresholds.ReadAsync(db, cancellationToken)).Where(s => PortalOverview.Problems.Contains(s.Verdict))
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Take(Shown).ToListAsync(cancellationToken);
    }
}
