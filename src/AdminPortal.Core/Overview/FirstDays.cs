using AdminPortal.Core.Activity;
using AdminPortal.Core.SampleData;
using AdminPortal.Data;
using AdminPortal.Data.Accounts;
using AdminPortal.Data.Backups;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Overview;

/// <summary>A thing to do on the first days of a portal.</summary>
/// <param name="Why">What it is good for, in one sentence.</param>
/// <param name="Address">The page where it is done.</param>
public sealed record FirstStep(string Title, string Why, bool IsDone, string Address);

/// <summary>What an admin sets up first; every step is ticked by what is really there.</summary>
public sealed class FirstDays(IDbContextFactory<PortalDbContext> portals, IDbContextFactory<DeviceDbContext> databases, SampleDataSet samples)
{
    /// <summary>In the order in which one does them; empty for people who are no admins.</summary>
    public async Task<IReadOnlyList<FirstStep>> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsAdmin)
        {
            return [];
        }

        await using var portal = await portals.CreateDbContextAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var admins = await portal.Accounts.CountAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null && !a.IsSample, cancellationToken);
        var proven = await portal.Backups.AnyAsync(b => b.State == BackupState.Complete && b.RestoredAt != null, cancellationToken);
        var policy = await db.DevicePolicies.AnyAsync(p => p.Enabled, cancellationToken);
        var paired = actor.UserId is { } own && await db.DevicePairings.AnyAsync(p => p.UserId == own, cancellationToken);
        var sample = await samples.ExistsAsync(cancellationToken);
        List<FirstStep> steps =
        [
            new("Sign in", "You are here.", true, "/account"),
            new("Link your account to a user", "Devices belong to users; then you can pair your own.", actor.UserId is not null, "/accounts?search=" + Uri.EscapeDataString(actor.Name ?? "")),
            new("Pair a device", "See what your users will see.", paired, "/pair"),
            new("Invite a second admin", "Somebody has to be there when you are not.", admins > 1, "/accounts"),
            new("Take a backup, and prove it by a restore", "Only a backup that was restored is known to be one.", proven, "/backups"),
            new("Switch a policy on", "Devices that nobody uses are then dealt with by themselves.", policy, "/settings/policies"),
        ];
        return sample ? [.. steps, new("Remove the sample data", "Its people and devices are not yours.", false, "/")] : steps;
    }
}
