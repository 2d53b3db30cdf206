using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// Gives what was restored to the roles that owned it, with the grants that there were. What the owner's role may not give is
/// told in the log and found by <see cref="LossesAsync"/>.
/// </summary>
internal static class RestoredRights
{
    public static async Task ApplyAsync(NpgsqlConnection restored, RestorePlan plan, RunJournal journal, CancellationToken cancellationToken)
    {
        // Sequences of a column follow its table, and cannot go before it; the schemas go last, to let the owner's role work in them.
        var owned = plan.Entries.Except(plan.LeftOut).Where(entry => entry.GivesOwner is not null && entry.Owner != restored.UserName && !plan.Strangers.Contains(entry.Owner))
            .OrderBy(entry => entry.Type switch { "SEQUENCE" => 1, "SCHEMA" => 2, _ => 0 }).ToList();
        var owners = owned.Select(entry => entry.Owner).Distinct().ToList();
        var places = await PlacesAsync(restored, cancellationToken);
        foreach (var sql in owners.SelectMany(role => places.Select(place => $"GRANT CREATE ON {place} TO {TargetServer.Quote(role)}")))
        {
            await TryAsync(restored, sql, journal, cancellationToken); // who is given something must have the right to make it there
        }

        foreach (var entry in owned.Where(entry => entry.Type != "SCHEMA"))
        {
            await TryAsync(restored, entry.GivesOwner!, journal, cancellationToken);
        }

        foreach (var sql in owners.SelectMany(role => places.Select(place => $"REVOKE CREATE ON {place} FROM {TargetServer.Quote(role)}")))
        {
            await TryAsync(restored, sql, journal, cancellationToken);
        }

        foreach (var entry in owned.Where(entry => entry.Type == "SCHEMA"))
        {
            await TryAsync(restored, entry.GivesOwner!, journal, cancellationToken);
        }

        foreach (var entry in plan.Entries.Except(plan.LeftOut).Where(entry => entry.Type is "ACL" or "DEFAULT ACL"))
        {
            // Only a superuser may become another session's user; to act as a role it is enough to be a member of it.
            await TryAsync(restored, entry.Sql.Replace("SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE", StringComparison.Ordinal).Replace("RESET SESSION AUTHORIZATION", "RESET ROLE", StringComparison.Ordinal).Replace("SET SESSION AUTHORIZATION", "SET ROLE", StringComparison.Ordinal), journal, cancellationToken);
        }
    }

    /// <summary>What the backup has and the restored database lacks, in words; each names an object.</summary>
    public static async Task<IReadOnlyList<string>> LossesAsync(RestorePlan plan, NpgsqlConnectionStringBuilder restored, CancellationToken cancellationToken)
    {
        var found = (await DumpFiles.EntriesAsync(plan.Tools, restored, cancellationToken)).ToLookup(entry => entry.Key);
        return
        [
            .. plan.Losses,
            .. plan.Entries.Except(plan.LeftOut).Where(entry => !plan.Strangers.Contains(entry.Owner) && !found[entry.Key].Any(entry.IsSameAs)).Select(entry => entry.Title),
        ];
    }

    /// <summary>The schemas, and the database itself, where publications are made.</summary>
    private static async Task<List<string>> PlacesAsync(NpgsqlConnection restored, CancellationToken cancellationToken)
    {
        List<string> places = [$"DATABASE {TargetServer.Quote(restored.Database)}"];
        await using var command = new NpgsqlCommand("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'", restored);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            places.Add($"SCHEMA {reader.GetString(0)}");
        }

        return places;
    }

    private static async Task TryAsync(NpgsqlConnection restored, string sql, RunJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, restored);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            journal.Log($"{sql.Split('\n')[0]} {exception.MessageText}");
            await using var back = new NpgsqlCommand("RESET ROLE", restored);
            await back.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
