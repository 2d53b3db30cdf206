using AdminPortal.Core.Activity;

namespace AdminPortal.Core.Accounts;

/// <summary>What disabling an account needs from the devices, which live in another database.</summary>
public interface IAccountDevices
{
    /// <summary>
    /// Ends every active device and open code of the person. Safe to repeat. Throws an outage
    /// (<see cref="Targets.TargetAvailability.IsOutage"/>) when the managed database is away.
    /// </summary>
    Task EndAllAsync(string userId, Actor actor, string reason, CancellationToken cancellationToken);
}
