using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Accounts;

/// <summary>What disabling an account needs from the devices, which live in another database.</summary>
public interface IAccountDevices
{
    /// <summary>
    /// Ends every active device and open code of the person, and those that were paired or made while the account stood for a person,
    /// whatever the person's id is now. Safe to repeat. Throws (<see cref="Targets.TargetAvailability.CannotServe"/>) while the managed
    /// database is away or not migrated.
    /// </summary>
    /// <param name="userId">The person whom the account stands for; null: nobody any more.</param>
    /// <param name="stood">When it stood for whom.</param>
    Task EndAllAsync(string? userId, IReadOnlyList<LinkSpan> stood, Actor actor, string reason, CancellationToken cancellationToken);
}
