using System.Globalization;
using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// Makes every cursor void. Needed after a restore: the versions that were given since the backup would be given again, to other
/// changes. Devices then read everything again and keep what waits on them.
/// </summary>
internal static class SyncEpoch
{
    /// <summary>Versions that may have been given after the highest that is known.</summary>
    private const int Margin = 1_000;

    /// <summary>Does nothing where the protocol of sync is not set up.</summary>
    /// <param name="highest">The highest version that the target was seen to give. Heads go on above it, so that a version from before means no other change now.</param>
    public static async Task RenewAsync(NpgsqlConnection connection, long highest, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Renew(highest > 0 ? highest + Margin : 0), connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The highest version that a database has given; 0 where there is no sync.</summary>
    public static async Task<long> HighestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('sync.heads') IS NOT NULL", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        command.CommandText = "SELECT coalesce(max(version), 0) FROM sync.heads";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Renew(long above) => string.Create(CultureInfo.InvariantCulture, $"""
        DO $$ BEGIN
            IF to_regclass('sync.meta') IS NOT NULL THEN
                UPDATE sync.meta SET epoch = replace(gen_random_uuid()::text, '-', '');
                UPDATE sync.heads SET version = {above} WHERE version < {above};
            END IF;
            IF to_regclass('sync.stamps') IS NOT NULL THEN
                UPDATE sync.heads SET nonce = gen_random_uuid() WHERE nonce IS NOT NULL;
            END IF;
        END $$
        """);
}
