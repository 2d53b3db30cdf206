using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Devices;

/// <summary>
/// The devices that a person's account paired since they last chose a password. Whoever had the old one may have paired a device, which
/// a new password does not end.
/// </summary>
public sealed class DevicesSincePassword(IDbContextFactory<PortalDbContext> portal, DeviceList devices, DeviceActs acts)
{
    private const string Reason = "revoked with the change of the password";
    private static readonly string[] Choices = ["account.password-changed", "account.password-reset"];

    /// <summary>Those that work or are in quarantine; none while their database is away.</summary>
    public async Task<IReadOnlyList<DeviceRow>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (actor.UserId is not { } userId)
        {
            return [];
        }

        await using var db = await portal.CreateDbContextAsync(cancellationToken);
        var chosen = await db.AuditEvents.Where(e => e.Subject == actor.Id && Choices.Contains(e.Action) && e.Outcome == "ok").MaxAsync(e => (DateTimeOffset?)e.At, cancellationToken);
        try
        {
            var all = await devices.OfUserAsync(actor, userId, cancellationToken);
            return [.. all.Where(device => device.Status is DeviceStatus.Active or DeviceStatus.Quarantined && (chosen is null || device.PairedAt > chosen.Value.UtcDateTime))];
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return [];
        }
    }

    /// <summary>Says how many were revoked.</summary>
    public async Task<int> RevokeAsync(Actor actor, IReadOnlyList<DeviceRow> chosen, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        var revoked = 0;
        foreach (var device in chosen)
        {
            revoked += await acts.RevokeAsync(actor, device.Id, Reason, cancellationToken) is DeviceActOutcome.Done ? 1 : 0;
        }

        return revoked;
    }
}
