using System.Collections.Concurrent;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>A mapping as it was recorded.</summary>
/// <param name="Identity">Of the database that was looked at.</param>
public sealed record RecordedMapping(HostPeople People, string Identity, string? ActorName, DateTimeOffset At);

/// <summary>What came of recording a mapping.</summary>
public abstract record MappingOutcome
{
    public sealed record Recorded : MappingOutcome;

    /// <summary>Nothing was recorded.</summary>
    public sealed record Refused(IReadOnlyList<string> Reasons) : MappingOutcome;
}

/// <summary>Keeps where each target's host has its people, and gives each target its migrations accordingly.</summary>
public sealed class HostMappings(TargetAccess access, KnownTargets known, MigrationScripts scripts, IDbContextFactory<PortalDbContext> contexts, AuditLog audit, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (bool HasSync, DateTimeOffset At)> modules = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: nothing is recorded, and the people are in the guides' own table.</summary>
    public async Task<RecordedMapping?> FindAsync(string target, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.TargetMappings.AsNoTracking().FirstOrDefaultAsync(m => m.Target == target, cancellationToken) is { } row
            ? new RecordedMapping(HostPeople.Parse(row.People), row.Identity, row.ActorName, row.At)
            : null;
    }

    /// <summary>The migrations that this target gets.</summary>
    public async Task<MigrationSet> SetAsync(string target, CancellationToken cancellationToken) => scripts.For((await FindAsync(target, cancellationToken))?.People);

    /// <summary>The same; a mapping that stands in the configuration is recorded when this is the first look at the database.</summary>
    internal async Task<MigrationSet> SetAsync(string target, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var recorded = await FindAsync(target, cancellationToken);
        if (recorded is null && access.Settings(target).Mapping?.ToMapping() is { } configured
            && await ReadAsync(connection, target, configured, cancellationToken) is { Problems.Count: 0 } fits)
        {
            await WriteAsync(Actor.Portal, target, fits.Identity, fits.People!, cancellationToken);
            return scripts.For(fits.People);
        }

        return scripts.For(recorded?.People);
    }

    /// <summary>Whether sync is on for a target. Asked by every page and call of sync: the answer may be some seconds old.</summary>
    public async ValueTask<bool> HasSyncAsync(string target, CancellationToken cancellationToken)
    {
        if (modules.TryGetValue(target, out var known) && time.GetUtcNow() - known.At < Fresh)
        {
            return known.HasSync;
        }

        var hasSync = (await SetAsync(target, cancellationToken)).HasSync;
        modules[target] = (hasSync, time.GetUtcNow());
        return hasSync;
    }

    /// <summary>Records where a host has its people, after asking its catalogue. Changes nothing on the target; a deployment does.</summary>
    public async Task<MappingOutcome> RecordAsync(Actor actor, string target, PeopleMapping mapping, CancellationToken cancellationToken)
    {
        await actor.DemandStandingAsync(cancellationToken);
        if (!actor.IsAdmin || !access.Exists(target))
        {
            return new MappingOutcome.Refused([actor.IsAdmin ? $"There is no target “{target}”." : "Only admins take over a database."]);
        }

        if (access.Settings(target).Mapping?.ToMapping() is { } configured && configured.ToJson() != mapping.ToJson())
        {
            return new MappingOutcome.Refused([$"The configuration has another mapping, in Portal:Targets:{target}:Mapping. Change it there."]);
        }

        try
        {
            await using var connection = await TargetConnection.OpenAsync(access.Owner(target).ConnectionString, cancellationToken);
            var (people, identity, problems) = await ReadAsync(connection, target, mapping, cancellationToken);
            if (people is null)
            {
                return new MappingOutcome.Refused(problems);
            }

            await WriteAsync(actor, target, identity, people, cancellationToken);
            return new MappingOutcome.Recorded();
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return new MappingOutcome.Refused([TargetAvailability.Describe(exception)]);
        }
    }

    private async Task<(HostPeople? People, string Identity, IReadOnlyList<string> Problems)> ReadAsync(
        NpgsqlConnection connection, string target, PeopleMapping mapping, CancellationToken cancellationToken)
    {
        var history = await TargetHistory.ReadAsync(connection, cancellationToken);
        if (!await known.IsKnownAsync(target, history.Identity, cancellationToken))
        {
            return (null, history.Identity.Key, ["Another database answers than the one that the portal knows under this name. Say first that it is meant."]);
        }

        if (history.Applied.Count > 0 && !IsOnlyWhatSyncs((await FindAsync(target, cancellationToken))?.People, mapping, history.Applied))
        {
            return (null, history.Identity.Key, ["Migrations are applied here already. Roll them back first: what they made stands on the table that they were told."]);
        }

        var (people, problems) = await HostCatalogue.ReadAsync(connection, mapping, cancellationToken);
        return (people, history.Identity.Key, problems);
    }

    /// <summary>Another choice of entities, where no migration that stands on the one before is applied.</summary>
    private static bool IsOnlyWhatSyncs(HostPeople? before, PeopleMapping mapping, IEnumerable<string> applied) =>
        before is { Entities.Count: > 0 } && mapping.Entities.Count > 0 && (before.Mapping with { Sync = null }).ToJson() == (mapping with { Sync = null }).ToJson() && !applied.Any(EntitySql.IsOfEntities);

    private async Task WriteAsync(Actor actor, string target, string identity, HostPeople people, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO portal.target_mappings (target, identity, people, "actorId", "actorName") VALUES ({target}, {identity}, {people.ToJson()}::jsonb, {actor.Id}, {actor.Name})
                 ON CONFLICT (target) DO UPDATE SET identity = excluded.identity, people = excluded.people, "actorId" = excluded."actorId", "actorName" = excluded."actorName", at = now()
                 """, cancellationToken);
        }

        await audit.WriteAsync(actor, "target.mapped", target, "done", people.Mapping.ToJson(), cancellationToken);
        modules.TryRemove(target, out _);
    }
}
