using AdminPortal.Core.Accounts;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;

namespace AdminPortal.Core.Activity;

/// <summary>
/// Who does something, for permission checks and for the record. Made from the signed-in principal at the edge
/// (page or endpoint) and passed on explicitly.
/// </summary>
/// <param name="Id">The account's id, <c>device:{pairingId}</c>, <c>anonymous</c>, <c>command-line</c>, or <c>portal</c>.</param>
/// <param name="UserId">The person's id in <c>users</c> of the primary target; null when not linked.</param>
/// <param name="Address">Where the request came from.</param>
public sealed record Actor(string Id, string? Name, AccountRole? Role, string? UserId, string? Address)
{
    /// <summary>The portal itself: jobs and clean-up.</summary>
    public static Actor Portal { get; } = new("portal", "AdminPortal", null, null, null);

    /// <summary>Someone who has not signed in.</summary>
    public static Actor Anonymous(string? address) => new("anonymous", null, null, null, address);

    /// <summary>Whoever may run the portal's program on its own machine can do everything anyway.</summary>
    public static Actor CommandLine { get; } = new("command-line", Environment.UserName, AccountRole.Admin, null, null);

    /// <summary>The sign-in by which this person acts.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Whom to ask whether that sign-in still counts. Null where nobody signed in for the act: the command line, a job, a device, a run that
    /// was started before.
    /// </summary>
    public IActorStanding? Standing { get; init; }

    public bool IsAdmin => Role == AccountRole.Admin;

    /// <summary>True for people who may see everyone's devices.</summary>
    public bool SeesEveryone => Role is AccountRole.Admin or AccountRole.Support;

    /// <summary>True for people and the command line; a device that acts for itself has no role, and is no person.</summary>
    public bool IsPerson => Role is not null;

    public bool Owns(string userId) => IsPerson && UserId is not null && UserId == userId;

    /// <summary>
    /// Every write begins with this: what a cookie or an open page believed a moment ago does not decide. Costs a device nothing.
    /// </summary>
    /// <exception cref="StandingLostException">The account was disabled or changed, or the session has ended.</exception>
    public async Task DemandStandingAsync(CancellationToken cancellationToken)
    {
        if (Standing is { } standing && !await standing.HoldsAsync(this, cancellationToken))
        {
            throw new StandingLostException();
        }
    }

    /// <summary>
    /// In place of <see cref="DemandStandingAsync(CancellationToken)"/> for what a tab left open must not be enough for: the person signed in, or
    /// showed again that it is them (<see cref="FreshSignIn"/>), only minutes ago.
    /// </summary>
    /// <exception cref="StandingLostException">The account was disabled or changed, or the session has ended.</exception>
    /// <exception cref="FreshSignInNeededException">They did so longer ago.</exception>
    public async Task DemandFreshAsync(CancellationToken cancellationToken)
    {
        await DemandStandingAsync(cancellationToken);
        if (!await IsFreshAsync(cancellationToken))
        {
            throw new FreshSignInNeededException();
        }
    }

    /// <summary>True too where nobody signed in for the act.</summary>
    internal async Task<bool> IsFreshAsync(CancellationToken cancellationToken) => Standing is null || await Standing.IsFreshAsync(this, cancellationToken);

    /// <summary>Asks for standing in the transaction of a write to the portal's own database: no account changes between the question and its end.</summary>
    /// <exception cref="StandingLostException">The account was disabled or changed, or the session has ended.</exception>
    internal async Task DemandStandingAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        if (Standing is { } standing && !await standing.HoldsAsync(db, this, cancellationToken))
        {
            throw new StandingLostException();
        }
    }
}
