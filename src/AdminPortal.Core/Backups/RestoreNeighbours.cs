using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What hangs on the database in a target's place and does not follow its name: subscriptions and replication slots.</summary>
internal static class RestoreNeighbours
{
    private const string Subscriptions =
        "SELECT string_agg(quote_ident(subname), ', ' ORDER BY subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = $1";

    /// <exception cref="RunFailedException">The database subscribes to another one: what comes in would go on into the database that was set aside.</exception>
    public static async Task CheckAsync(TargetServer server, string database, CancellationToken cancellationToken)
    {
        if (await server.ScalarAsync(Subscriptions, [database], cancellationToken) is string names)
        {
            throw new RunFailedException(
                $"{database} has subscriptions: {names}. They stay with the database that is set aside, and a restore cannot make them again. As a superuser, drop them (DROP SUBSCRIPTION …) and make them again after the restore; nothing was changed.");
        }
    }

    /// <summary>In words: the logical replication slots, which stay with the database that is set aside.</summary>
    public static async Task<IReadOnlyList<string>> SlotsAsync(NpgsqlConnection server, string database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT slot_name::text, active FROM pg_replication_slots WHERE database = $1 ORDER BY 1", server) { Parameters = { new() { Value = database } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> words = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            words.Add($"The replication slot {reader.GetString(0)}{(reader.GetBoolean(1) ? ", which is in use," : "")} stays with the database that is set aside: its reader gets nothing more. Make it again in the restored one and let its reader start afresh");
        }

        return words;
    }
}
