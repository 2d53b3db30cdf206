using AdminPortal.Core.Activity;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Hosts;

/// <summary>Looks at a database that the portal has never seen: where its people could be, how they would appear, and what would be added. Writes nothing.</summary>
public sealed class HostLooks(TargetAccess access, HostMappings mappings, MigrationScripts scripts)
{
    private const int Shown = 10;
    private const int Most = 8;

    private const string Tables = """
        SELECT n.nspname::text, c.relname::text, greatest(c.reltuples, s.n_live_tup, 0)::bigint, pg_total_relation_size(c.oid),
               (SELECT count(*) FROM pg_constraint k WHERE k.confrelid = c.oid AND k.contype = 'f' AND k.conrelid <> c.oid AND k.conparentid = 0),
               lower(c.relname) ~ '(^|_|app|auth)(users?|people|persons?|accounts?|members?|profiles?|customers?|clients?|patients?|staff|employees?)$'
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'portal', 'sync')
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND lower(replace(a.attname, '_', '')) ~ 'e?mail')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 6 DESC, 5 DESC, 3 DESC, 1, 2 LIMIT 8
        """;

    /// <summary>The likeliest first. Admins and support look.</summary>
    public Task<HostLook> LookAsync(Actor actor, string target, CancellationToken cancellationToken) => OnAsync(actor, target, async connection =>
    {
        var tables = await HostCatalogue.ListAsync(
            connection, Tables, r => new PeopleTable(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetBoolean(5)), cancellationToken);
        List<HostCandidate> candidates = [];
        foreach (var table in tables.Take(Most))
        {
            if (Proposal.Of(table, await HostCatalogue.ColumnsAsync(connection, table.Schema, table.Name, cancellationToken)) is { } mapping)
            {
                candidates.Add(await CandidateAsync(connection, mapping, table.Reasons, cancellationToken));
            }
        }

        return new HostLook(target, [.. candidates.OrderBy(c => c.Problems.Count > 0)], await mappings.FindAsync(target, cancellationToken), null);
    }, cancellationToken);

    /// <summary>The same of one mapping.</summary>
    public Task<HostLook> LookAsync(Actor actor, string target, PeopleMapping mapping, CancellationToken cancellationToken) => OnAsync(actor, target, async connection =>
        new HostLook(target, [await CandidateAsync(connection, mapping, ["You chose it."], cancellationToken)], await mappings.FindAsync(target, cancellationToken), null), cancellationToken);

    private async Task<HostLook> OnAsync(Actor actor, string target, Func<NpgsqlConnection, Task<HostLook>> look, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || !access.Exists(target))
        {
            return new HostLook(target, [], null, actor.SeesEveryone ? $"There is no target “{target}”." : "Only admins and support look at databases.");
        }

        try
        {
            await using var connection = await TargetConnection.OpenAsync(access.Owner(target).ConnectionString, cancellationToken);
            await TargetHistory.ExecuteAsync(connection, "SET default_transaction_read_only = on; SET lock_timeout = '2s'; SET statement_timeout = '20s'", cancellationToken);
            return await look(connection);
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return new HostLook(target, [], null, TargetAvailability.Describe(exception));
        }
    }

    private async Task<HostCandidate> CandidateAsync(NpgsqlConnection connection, PeopleMapping mapping, IReadOnlyList<string> reasons, CancellationToken cancellationToken)
    {
        var (people, problems) = await HostCatalogue.ReadAsync(connection, mapping, cancellationToken);
        var syncable = await EntityProposal.ReadAsync(connection, mapping, cancellationToken);
        if (people is null)
        {
            return new HostCandidate(mapping, reasons, problems, [], [], syncable);
        }

        var set = scripts.For(people);
        var catalogue = await CatalogueLines.ReadAsync(connection, cancellationToken);
        List<string> misfits = [], additions = [];
        foreach (var script in set.All)
        {
            var parts = await HostParts.ReadAsync(connection, set, script, catalogue, cancellationToken);
            misfits.AddRange(parts.Problems);
            additions.AddRange(set.Effects[script.Id].Added.Except(parts.Found).Where(line => !catalogue.Contains(line)).Select(CatalogueLine.Parse)
                .Where(line => line.Kind is "table" or "view" or "extension" || (line.Kind is "index" or "trigger" or "constraint" && (line.Table == mapping.Title || mapping.Entities.Any(e => e.Title == line.Table) || parts.Found.Contains($"table {line.Table}"))))
                .Select(line => $"{line.Kind} {line.Name}{(line.Kind is "index" ? people.IsPartitioned ? $" on {line.Table}: nobody writes to it meanwhile" : $" on {line.Table}, made without locking anybody out" : line.Kind == "trigger" ? $" on {line.Table}: a lock of a moment" : "")}"));
        }

        if (await RawTokens.AnyAsync(connection, cancellationToken))
        {
            additions.Add("rows of public.device_pairings: raw session tokens are replaced by their hashes, after a backup");
        }

        var rows = await HostCatalogue.ListAsync(
            connection, new PeopleSql(people).Sample(Shown), r => new LookedPerson(r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2)), cancellationToken);
        return new HostCandidate(mapping, reasons, misfits, rows, additions.Distinct().ToList(), syncable);
    }
}

/// <summary>What a look at a database found.</summary>
/// <param name="Recorded">The mapping that counts now; null: none is recorded.</param>
/// <param name="Obstacle">Why nothing could be looked at; null: it could.</param>
public sealed record HostLook(string Target, IReadOnlyList<HostCandidate> Candidates, RecordedMapping? Recorded, string? Obstacle);

/// <summary>One way to read the people of a host.</summary>
/// <param name="Problems">Why it does not fit, each with what would make it fit; empty: it does.</param>
/// <param name="People">Some, as they would appear.</param>
/// <param name="Additions">What a deployment would add, and what of the host's it would touch.</param>
/// <param name="Syncable">Tables that devices could work on offline, each as it could be declared.</param>
public sealed record HostCandidate(
    PeopleMapping Mapping, IReadOnlyList<string> Reasons, IReadOnlyList<string> Problems, IReadOnlyList<LookedPerson> People, IReadOnlyList<string> Additions, IReadOnlyList<EntityMapping> Syncable);

/// <summary>A person as the portal would show them.</summary>
public sealed record LookedPerson(string Id, string Email, string? Name);
