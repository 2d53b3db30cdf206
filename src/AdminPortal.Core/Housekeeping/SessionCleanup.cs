using AdminPortal.Core.Accounts;
using AdminPortal.Core.Jobs;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Housekeeping;

/// <summary>Drops sessions that count no more and were last used more than a day ago. What ended them stays in the record.</summary>
internal sealed class SessionCleanup(IDbContextFactory<PortalDbContext> contexts, IOptions<AccountSessionOptions> options) : IPortalJob
{
    public string Name => JobNames.EndedSessions;

    public string Title => "Ended sessions";

    public string Explanation => "Drops sign-ins that have ended or run out and were last used more than a day ago.";

    public string DefaultSchedule => "0 35 * * * ?";

    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var living = LivingSessions.Of(db, options.Value).Select(s => s.Id);
        var dropped = await db.AccountSessions.Where(s => s.LastSeenAt < DatabaseClock.Now().AddDays(-1) && !living.Contains(s.Id))
            .ExecuteDeleteAsync(cancellationToken);
        await db.SignInMisses.Where(m => m.EndsAt < DatabaseClock.Now()).ExecuteDeleteAsync(cancellationToken);
        return new JobResult($"{dropped:N0} dropped.", new { Dropped = dropped });
    }
}
