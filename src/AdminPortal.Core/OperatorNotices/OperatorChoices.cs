using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.OperatorNotices;

/// <summary>Which topics a person is told of. An admin who has not chosen hears of all of them, support of none.</summary>
public sealed class OperatorChoices(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>In the order of the enum; empty for people who do not run the portal.</summary>
    public async Task<IReadOnlyList<OperatorTopic>> FindAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chosen = await db.OperatorChoices.AsNoTracking().Where(c => c.AccountId == actor.Id).Select(c => c.Topics).FirstOrDefaultAsync(cancellationToken);
        return [.. Enum.GetValues<OperatorTopic>().Where(topic => IsTold(chosen, actor.Role, topic))];
    }

    /// <summary>False: the actor does not run the portal.</summary>
    public async Task<bool> SaveAsync(Actor actor, IReadOnlyCollection<OperatorTopic> topics, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.SeesEveryone)
        {
            return false;
        }

        string[] words = [.. topics.Distinct().Order().Select(Word)];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO portal.operator_choices ("accountId", topics) VALUES ({actor.Id}, {words}) ON CONFLICT ("accountId") DO UPDATE SET topics = EXCLUDED.topics
            """, cancellationToken);
        AuditLog.Add(db, actor, "account.operator-notices", actor.Id, reason: words.Length == 0 ? "none" : string.Join(", ", words));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    internal static bool IsTold(string[]? chosen, AccountRole? role, OperatorTopic topic) => chosen?.Contains(Word(topic)) ?? role == AccountRole.Admin;

    private static string Word(OperatorTopic topic) => topic.ToString().ToLowerInvariant();
}
