using System.Globalization;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>What a restore over the target would do to one table.</summary>
/// <param name="Newer">Rows made since the backup, where the table says when a row was made; null: it does not.</param>
public sealed record TableImpact(string Table, long? InBackup, long Now, long? Newer)
{
    /// <summary>At least so many rows would be lost.</summary>
    public long Lost => Math.Max(Math.Max(0, Now - (InBackup ?? 0)), Newer ?? 0);
}

/// <summary>What a restore over the target would lose, as the target is now.</summary>
/// <param name="Problem">Why the target could not be asked; null: it could.</param>
/// <param name="OtherDatabase">The backup is of another database than the one that answers now under the target's name.</param>
public sealed record RestoreImpact(IReadOnlyList<TableImpact> Tables, string? Problem, bool OtherDatabase)
{
    public long Lost => Tables.Sum(table => table.Lost);

    /// <summary>What else to know before: replication slots that do not follow.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Compares a backup with its target before a restore.</summary>
public sealed class RestoreImpacts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private const string Clocks =
        """
        SELECT DISTINCT ON (table_schema, table_name) table_schema || '.' || table_name, quote_ident(column_name), data_type
        FROM information_schema.columns WHERE column_name IN ('createdAt', 'created_at', 'at') AND data_type LIKE 'timestamp%'
        ORDER BY table_schema, table_name, column_name DESC
        """;

    private readonly TargetAccess access;
    private readonly BackupRecords records;
    private readonly TimeProvider time;

    internal RestoreImpacts(TargetAccess access, BackupRecords records, TimeProvider time) => (this.access, this.records, this.time) = (access, records, time);

    /// <summary>Null when there is no such backup that the actor may see.</summary>
    public async Task<RestoreImpact?> AskAsync(Actor actor, string backupId, CancellationToken cancellationToken)
    {
        if (!actor.SeesEveryone || await records.FindAsync(backupId, cancellationToken) is not { } backup || !access.Exists(backup.Target))
        {
            return null;
        }

        try
        {
            return await AskAsync(backup, cancellationToken);
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception) || exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
        {
            return new RestoreImpact([], ToolWords.Describe(exception, ""), OtherDatabase: false);
        }
    }

    private async Task<RestoreImpact> AskAsync(BackupRow backup, CancellationToken cancellationToken)
    {
        var owner = access.Owner(backup.Target);
        await using var source = await DumpSource.OpenAsync(owner, LockPatience, cancellationToken);
        var other = source.Identity.Key != backup.Identity;
        if (await source.CountAsync(Patience, time, cancellationToken) is not { } now)
        {
            return new RestoreImpact([], $"Counting the target's rows takes longer than {Patience.TotalSeconds:0} s, so what would be lost cannot be said.", other);
        }

        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var clocks = await ClocksAsync(connection, cancellationToken);
        List<TableImpact> tables = [];
        foreach (var table in source.Tables)
        {
            var newer = clocks.TryGetValue(table.Name, out var clock) ? await NewerAsync(connection, table, clock, backup.StartedAt, cancellationToken) : (long?)null;
            tables.Add(new TableImpact(table.Name, backup.Counts.TryGetValue(table.Name, out var then) ? then : null, now[table.Name], newer));
        }

        return new RestoreImpact([.. tables.OrderByDescending(table => table.Lost).ThenBy(table => table.Table, StringComparer.Ordinal)], Problem: null, other)
        {
            Notes = await RestoreNeighbours.SlotsAsync(connection, owner.Database!, cancellationToken),
        };
    }

    private static async Task<Dictionary<string, (string Column, bool HasZone)>> ClocksAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Dictionary<string, (string, bool)> clocks = [];
        await using var command = new NpgsqlCommand(Clocks, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            clocks[reader.GetString(0)] = (reader.GetString(1), reader.GetString(2).EndsWith("with time zone", StringComparison.Ordinal));
        }

        return clocks;
    }

    private static async Task<long> NewerAsync(
        NpgsqlConnection connection, DumpTable table, (string Column, bool HasZone) clock, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var then = clock.HasZone ? "$1" : "$1 AT TIME ZONE 'utc'";
        await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM ONLY {table.Quoted} WHERE {clock.Column} > {then}"), connection)
        {
            Parameters = { new() { Value = since.ToUniversalTime() } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
