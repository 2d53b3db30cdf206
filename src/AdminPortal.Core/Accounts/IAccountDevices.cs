using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Accounts;

/// <summary>What disabling an account needs from the devices, which live in another database.</summary>
public interface IAccountDevices
{
    /// <summary>
    /// Ends every active device and open code of the person. Safe to repeat. Throws
    /// (<see cref="Targets.TargetAvailability.CannotServe"/>) while the managed database is away or not migrated.
    /// </summary>
    Task EndAllAsync(string userId, Actor actor, string reason, CancellationToken cancellationToken);
}
