using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Core.Sync;

/// <summary>What a minimum app version would stop.</summary>
/// <param name="Waiting">Changes that wait on those devices, as they said last.</param>
/// <param name="First">Of <paramref name="Devices"/>, those with the most waiting first.</param>
public sealed record MinimumSimulation(string Minimum, int Devices, int People, long Waiting, IReadOnlyList<StrandedDevice> First);

public sealed record StrandedDevice(string DeviceId, string UserId, string Person, string? Name, string Platform, string AppVersion, int? Pending);

/// <summary>What came of setting the minimum.</summary>
public abstract record MinimumOutcome
{
    private MinimumOutcome()
    {
    }

    public sealed record Done : MinimumOutcome;

    /// <summary>Someone else set it meanwhile.</summary>
    public sealed record ChangedMeanwhile(string? Current) : MinimumOutcome;

    public sealed record Invalid(string Message) : MinimumOutcome;

    public sealed record NotAllowed : MinimumOutcome;
}

/// <summary>The oldest app version that may sync: what it would stop before it is set, and setting it. Every change is in the audit record.</summary>
public sealed class MinimumVersions(DeviceDatabases databases, AuditLog audit)
{
    private const int Shown = 50;

    private static readonly string Stranded = $$"""
        SELECT d."deviceId" AS "DeviceId", d."userId" AS "UserId", coalesce(u.name, u.email) AS "Person", p."deviceName" AS "Name", d.platform AS "Platform", d."appVersion" AS "AppVersion", s.pending AS "Pending"
        FROM public.devices d JOIN portal.users u ON u.id = d."userId"
        LEFT JOIN sync.device_state s ON s."deviceId" = d."deviceId" AND s."userId" = d."userId"
        LEFT JOIN public.device_pairings p ON p."deviceId" = d."deviceId" AND p."userId" = d."userId"
        WHERE {{SyncStandings.Version("""d."appVersion" """)}} < {{SyncStandings.Version("{0}::text")}}
        """;

    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.CreateDbContext();
        return await db.SyncMeta.Select(m => m.MinimumAppVersion).SingleAsync(cancellationToken);
    }

    /// <summary>What an app of this version needs to know: the minimum (null: none is set, or nobody can say now), and whether it is below.</summary>
    public async Task<(string? Minimum, bool IsBelow)> AskAsync(string appVersion, CancellationToken cancellationToken)
    {
        try
        {
            var minimum = await ReadAsync(cancellationToken);
            return (minimum, minimum is not null && AppVersions.IsVersion(appVersion) && AppVersions.Compare(appVersion, minimum) < 0);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            return (null, false);
        }
    }

    /// <summary>Null: the actor may not, or this is no version. Changes nothing.</summary>
    public async Task<MinimumSimulation?> SimulateAsync(Actor actor, string minimum, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || !AppVersions.IsVersion(minimum.Trim()))
        {
            return null;
        }

        await using var db = databases.CreateDbContext();
        var stranded = db.Database.SqlQueryRaw<StrandedDevice>(Stranded, minimum.Trim());
        var sums = await stranded.GroupBy(_ => 1).Select(g => new { Devices = g.Count(), People = g.Select(d => d.UserId).Distinct().Count(), Waiting = g.Sum(d => (long?)d.Pending) }).FirstOrDefaultAsync(cancellationToken);
        return new MinimumSimulation(
            minimum.Trim(), sums?.Devices ?? 0, sums?.People ?? 0, sums?.Waiting ?? 0,
            await stranded.OrderByDescending(d => d.Pending ?? 0).ThenBy(d => d.Person).ThenBy(d => d.DeviceId).Take(Shown).ToListAsync(cancellationToken));
    }

    /// <summary>Holds from the next request on; devices below it may still report, and lose nothing.</summary>
    /// <param name="minimum">Null: every version may sync.</param>
    /// <param name="seen">What the admin saw to hold: when another was quicker, nothing is set.</param>
    public async Task<MinimumOutcome> SetAsync(Actor actor, string? minimum, string? seen, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin)
        {
            return new MinimumOutcome.NotAllowed();
        }

        minimum = Names.Clean(minimum);
        if (minimum is not null && !AppVersions.IsVersion(minimum))
        {
            return new MinimumOutcome.Invalid("A version begins with numbers, such as 1.5 or 2.0.1.");
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.SyncMeta.Where(m => m.MinimumAppVersion == seen).ExecuteUpdateAsync(set => set.SetProperty(m => m.MinimumAppVersion, minimum), cancellationToken) == 0)
        {
            return new MinimumOutcome.ChangedMeanwhile(await db.SyncMeta.Select(m => m.MinimumAppVersion).SingleAsync(cancellationToken));
        }

        await db.NotifyAsync(DeviceChange.Everything, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await audit.WriteAsync(actor, "sync.minimum-version-set", databases.PrimaryName, "ok", $"{seen ?? "none"} → {minimum ?? "none"}", cancellationToken);
        return new MinimumOutcome.Done();
    }
}
