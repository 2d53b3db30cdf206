using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Makes every cursor void. Needed after a restore: the versions that were given since the backup will be given again, to other
/// changes. Devices then read everything again and keep what waits on them.
/// </summary>
internal static class SyncEpoch
{
    private const string Renew = """
        DO $$ BEGIN
            IF to_regclass('sync.meta') IS NOT NULL THEN
                UPDATE sync.meta SET epoch = replace(gen_random_uuid()::text, '-', '');
            END IF;
        END $$
        """;

    /// <summary>Does nothing where the protocol of sync is not set up.</summary>
    public static async Task RenewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Renew, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
