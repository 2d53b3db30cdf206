using AdminPortal.Core.Runs;
using Npgsql;

namespace AdminPortal.Core.Migrations;

/// <summary>Tokens of devices that a host stored as they are. The portal keeps hashes only.</summary>
internal static class RawTokens
{
    private const int Batch = 1000;
    private const string IsRaw = "\"sessionToken\" !~ '^sha256:[0-9a-f]{64}$'";

    public static async Task<bool> AnyAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => await HasPairingsAsync(connection, cancellationToken)
        && (await TargetHistory.ListAsync(connection, $"SELECT EXISTS (SELECT FROM public.device_pairings WHERE {IsRaw})", r => r.GetBoolean(0), cancellationToken))[0];

    /// <summary>Cannot be undone, but for a backup.</summary>
    public static async Task HashAsync(RunContext run, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("Replace raw session tokens by their hashes");
        var exists = await HasPairingsAsync(connection, cancellationToken);
        long hashed = 0;
        while (exists && !run.StopsHere())
        {
            await using var command = new NpgsqlCommand(
                $$"""
                 UPDATE public.device_pairings SET "sessionToken" = 'sha256:' || encode(sha256(convert_to("sessionToken", 'UTF8')), 'hex')
                 WHERE id IN (SELECT id FROM public.device_pairings WHERE {{IsRaw}} ORDER BY id LIMIT {{Batch}} FOR UPDATE)
                 """, connection);
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            hashed += rows;
            step.Tell($"{hashed:N0} replaced.");
            if (rows < Batch)
            {
                break;
            }
        }

        step.Done(hashed == 0 ? "There was none." : $"{hashed:N0} replaced. A host that checks tokens itself has to compare hashes from now on.");
    }

    private static async Task<bool> HasPairingsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => (await TargetHistory.ListAsync(
        connection, "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.device_pairings') AND attname = 'sessionToken')", r => r.GetBoolean(0), cancellationToken))[0];
}
