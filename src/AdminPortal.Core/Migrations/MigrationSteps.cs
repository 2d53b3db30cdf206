using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>That the portal itself began a migration on this very database.</summary>
/// <param name="Added">The lines that it adds to a catalogue.</param>
/// <param name="Found">The lines of its effect that were there before it: somebody else's, which nothing of the portal's takes away.</param>
internal sealed record MigrationStep(string MigrationId, IReadOnlyList<string> Added, IReadOnlyList<string> Found)
{
    /// <summary>What it added that stands in the catalogue by itself, whether it is there now or not.</summary>
    public IReadOnlyList<string> Made => [.. Added.Except(Found)];
}

/// <summary>
/// Which migrations the portal began on a managed database, on record in that database, so that the record travels with a backup or
/// a copy of it. Only what is on record is ever undone; a migration of the history without a record was adopted.
/// </summary>
internal static class MigrationSteps
{
    /// <summary>Written by the owner alone.</summary>
    public const string Table = "migration_steps";

    private const string Create = """
        CREATE TABLE IF NOT EXISTS portal.migration_steps (
            "migrationId" text CONSTRAINT migration_steps_pkey PRIMARY KEY, "sqlHash" text NOT NULL, found text[] NOT NULL, "startedAt" timestamp with time zone NOT NULL DEFAULT now())
        """;

    /// <summary>Needs the schema, which the history makes.</summary>
    public static Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => TargetHistory.ExecuteAsync(connection, Create, cancellationToken);

    /// <summary>By migration; of migrations that this build does not know nothing can be said, and they are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, MigrationStep>> ReadAsync(NpgsqlConnection connection, MigrationEffects effects, CancellationToken cancellationToken)
    {
        var exists = (await TargetHistory.ListAsync(connection, $"SELECT to_regclass('portal.{Table}') IS NOT NULL", r => r.GetBoolean(0), cancellationToken))[0];
        var steps = exists
            ? await TargetHistory.ListAsync(
                connection, $"""SELECT "migrationId", found FROM portal.{Table}""", r => (Id: r.GetString(0), Found: r.GetFieldValue<string[]>(1)), cancellationToken)
            : [];
        return steps.Where(s => effects.All.ContainsKey(s.Id)).ToDictionary(s => s.Id, s => new MigrationStep(s.Id, effects[s.Id].Added, s.Found));
    }

    /// <summary>
    /// True: the portal made the table of people on this database. False: they are the host's, in whatever table, and nothing but the host puts
    /// people in or takes them out.
    /// </summary>
    public static async Task<bool> MadePeopleAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, MigrationEffects.Whole, cancellationToken)).Values.Any(step => step.Made.Contains("table public.users"));

    /// <summary>The statement that records it. A record of an attempt that did not end is kept: it knows what was there at first.</summary>
    public static string Record(MigrationScript script, IEnumerable<string> found) => $"""
        INSERT INTO portal.{Table} ("migrationId", "sqlHash", found) VALUES ({Literal(script.Id)}, {Literal(script.SqlHash)}, ARRAY[{string.Join(", ", found.Select(Literal))}]::text[])
        ON CONFLICT ("migrationId") DO NOTHING
        """;

    /// <summary>Records what was applied whole, on a database that nobody else works on.</summary>
    public static async Task RecordAsync(NpgsqlConnection connection, MigrationScripts scripts, IEnumerable<string> migrationIds, CancellationToken cancellationToken)
    {
        await EnsureAsync(connection, cancellationToken);
        foreach (var script in migrationIds.Select(scripts.Find).OfType<MigrationScript>())
        {
            await TargetHistory.ExecuteAsync(connection, Record(script, []), cancellationToken);
        }
    }

    /// <summary>The statement that takes its record away, once it is undone.</summary>
    public static string Forget(string migrationId) => $"""DELETE FROM portal.{Table} WHERE "migrationId" = {Literal(migrationId)}""";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
