using AdminPortal.Core.Activity;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Accounts;

/// <summary>Where <see cref="TwoPersonOptions.NewAdmins"/> says so, one admin proposes an account as an admin's, and another one confirms it by choosing the same.</summary>
public sealed class AdminProposals(IOptions<TwoPersonOptions> options, TimeProvider time)
{
    /// <summary>A proposal that nobody confirmed in this time is void.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    /// <summary>Whether the actor alone cannot make an account an admin's. Whoever runs the program on its own machine can.</summary>
    public bool AreNeeded(Actor actor) => options.Value.NewAdmins && actor.Standing is not null;

    /// <summary>Another admin's account: a new password or a removed second factor would let one admin be two.</summary>
    internal bool IsClosedTo(Actor actor, Account account) => AreNeeded(actor) && account.Role is AccountRole.Admin && account.Id != actor.Id;

    /// <summary>True: another admin, who still is one, proposed it, so that the actor's word is the second.</summary>
    internal async Task<bool> IsConfirmedAsync(PortalDbContext db, Account account, Actor actor, CancellationToken cancellationToken) =>
        account.AdminProposedBy is { } proposer && proposer != actor.Id && account.Id != actor.Id && account.AdminProposedAt > time.GetUtcNow() - Lasts
        && await db.Accounts.AnyAsync(a => a.Id == proposer && a.Id != account.Id && a.Role == AccountRole.Admin && a.DisabledAt == null, cancellationToken);

    /// <summary>Leaves the account as it is, but for the wish.</summary>
    internal void Propose(Account account, Actor actor) => (account.AdminProposedBy, account.AdminProposedAt) = (actor.Id, time.GetUtcNow());

    internal static void Forget(Account account) => (account.AdminProposedBy, account.AdminProposedAt) = (null, null);

    /// <summary>Adds who proposed what; what is void is not shown.</summary>
    internal async Task<List<AccountRow>> WithProposalsAsync(PortalDbContext db, List<AccountRow> rows, CancellationToken cancellationToken)
    {
        if (!options.Value.NewAdmins)
        {
            return rows;
        }

        var ids = rows.Select(row => row.Id).ToArray();
        var since = time.GetUtcNow() - Lasts;
        var proposals = await (
            from a in db.Accounts.AsNoTracking()
            join proposer in db.Accounts on a.AdminProposedBy equals proposer.Id
            where ids.Contains(a.Id) && a.AdminProposedAt > since && proposer.Role == AccountRole.Admin && proposer.DisabledAt == null
            select new { a.Id, Proposal = new AdminProposal(proposer.Id, proposer.Email ?? "", a.AdminProposedAt!.Value) }).ToDictionaryAsync(p => p.Id, p => p.Proposal, cancellationToken);
        return rows.ConvertAll(row => proposals.TryGetValue(row.Id, out var proposal) ? row with { AdminProposal = proposal } : row);
    }
}

/// <summary>An account that waits for a second admin to make it an admin's.</summary>
/// <param name="By">The admin's account.</param>
public sealed record AdminProposal(string By, string ByEmail, DateTimeOffset At);
