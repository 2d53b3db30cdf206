using System.Globalization;
using AdminPortal.Core.Runs;
using AdminPortal.Data.Activity;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>
/// A backup holds as active what was revoked after it was taken. Before a restored database opens, everything that had ended in
/// the one it replaces ends in it too: tokens, quarantined devices, scopes taken away or shortened, services' keys, codes not yet used. Read
/// from the replaced database itself, which is closed by then, so that nothing is revoked in between.
/// </summary>
internal static class RevocationReplay
{
    private const string Prepare =
        """
        CREATE TEMP TABLE ended (hash text, "pairingId" text, "userId" text, "endedAt" timestamptz, reason text);
        CREATE TEMP TABLE inactive (token text);
        CREATE TEMP TABLE suspended ("pairingId" text, "quarantinedAt" timestamptz, reason text, "actorId" text, "actorName" text);
        CREATE TEMP TABLE taken ("pairingId" text, scope text);
        CREATE TEMP TABLE pairing_ends (id text, "sessionToken" text, "expiresAt" timestamp);
        CREATE TEMP TABLE permission_ends ("pairingId" text, scope text, "expiresAt" timestamp);
        CREATE TEMP TABLE keys (id text, "revokedAt" timestamptz, "revokedBy" text)
        """;

    /// <summary>What to do with what, each for a table that both databases must have.</summary>
    private static readonly (string Table, string Into, string Select)[] Copies =
    [
        ("portal.token_history", "ended", """SELECT hash, "pairingId", "userId", "endedAt", reason FROM portal.token_history"""),
        ("public.device_pairings", "inactive", """SELECT "sessionToken" FROM public.device_pairings WHERE NOT "isActive" """),
        ("portal.device_state", "suspended", """SELECT "pairingId", "quarantinedAt", reason, "actorId", "actorName" FROM portal.device_state"""),
        ("public.device_pairings", "pairing_ends", """SELECT id, "sessionToken", "expiresAt" FROM public.device_pairings"""),
        ("public.device_permissions", "permission_ends", """SELECT "devicePairingId", permission::text, "expiresAt" FROM public.device_permissions WHERE "expiresAt" IS NOT NULL"""),
        ("portal.service_keys", "keys", """SELECT id, "revokedAt", "revokedBy" FROM portal.service_keys WHERE "revokedAt" IS NOT NULL"""),
    ];

    private const string TakenScopes =
        """
        SELECT DISTINCT e."pairingId", e.detail FROM portal.device_events e
        WHERE e.id > {0} AND e.kind = 'permission-removed' AND e."pairingId" IS NOT NULL AND e.detail IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.device_permissions g WHERE g."devicePairingId" = e."pairingId" AND g.permission::text = e.detail)
        """;

    /// <summary>Says in the run how much it ended again.</summary>
    public static async Task RunAsync(NpgsqlConnection live, NpgsqlConnection restored, RunContext run, CancellationToken cancellationToken)
    {
        using var step = run.Journal.Begin("End again what was revoked since the backup");
        if (!await HasAsync(restored, "public.device_pairings", cancellationToken) || !await HasAsync(live, "public.device_pairings", cancellationToken))
        {
            step.Done("There are no paired devices in this database");
            return;
        }

        await using var transaction = await restored.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(restored, Prepare, cancellationToken);
        foreach (var (table, into, select) in Copies)
        {
            if (await HasAsync(live, table, cancellationToken))
            {
                await CopyAsync(live, select, restored, into, cancellationToken);
            }
        }

        var scopes = await TakeScopesAsync(live, restored, cancellationToken); // before anything is added to the history
        var shorter = await ShortenAsync(restored, cancellationToken);
        var devices = await EndDevicesAsync(restored, run, cancellationToken);
        var keys = await HasAsync(restored, "portal.service_keys", cancellationToken)
            ? await ExecuteAsync(restored, """UPDATE portal.service_keys k SET "revokedAt" = d."revokedAt", "revokedBy" = d."revokedBy" FROM keys d WHERE k.id = d.id AND k."revokedAt" IS NULL""", cancellationToken)
            : 0;
        if (await HasAsync(restored, "portal.pairing_sessions", cancellationToken))
        {
            await ExecuteAsync(restored, """UPDATE portal.pairing_sessions SET "expiresAt" = now(), seed = NULL WHERE "expiresAt" > now()""", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        step.Done($"{devices} devices ended again, {scopes} permissions taken again, {shorter} ends brought forward again, {keys} services' keys revoked again");
    }

    /// <summary>Pairings and permissions whose end was brought forward since, also those that have run out, end as they did.</summary>
    private static async Task<int> ShortenAsync(NpgsqlConnection restored, CancellationToken cancellationToken) =>
        await HasAsync(restored, "public.device_permissions", cancellationToken) ? await ExecuteAsync(restored, """
            UPDATE public.device_pairings p SET "expiresAt" = e."expiresAt" FROM pairing_ends e
            WHERE e.id = p.id AND e."sessionToken" = p."sessionToken" AND p."expiresAt" > e."expiresAt"
            """, cancellationToken)
        + await ExecuteAsync(restored, """
            UPDATE public.device_permissions g SET "expiresAt" = e."expiresAt" FROM permission_ends e
            WHERE e."pairingId" = g."devicePairingId" AND e.scope = g.permission::text AND (g."expiresAt" IS NULL OR g."expiresAt" > e."expiresAt")
            """, cancellationToken) : 0;

    private static async Task<int> EndDevicesAsync(NpgsqlConnection restored, RunContext run, CancellationToken cancellationToken)
    {
        var history = await HasAsync(restored, "portal.token_history", cancellationToken);
        if (history)
        {
            await ExecuteAsync(restored, """
                INSERT INTO portal.token_history (hash, "pairingId", "userId", "endedAt", reason) SELECT hash, "pairingId", "userId", "endedAt", reason FROM ended
                ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, "endedAt" = excluded."endedAt" WHERE portal.token_history.reason <> excluded.reason
                """, cancellationToken);
        }

        await ExecuteAsync(restored, """
            CREATE TEMP TABLE again AS
            SELECT p.id, p."userId", p."deviceId", p."sessionToken" FROM public.device_pairings p
            WHERE p."isActive" AND (p."sessionToken" IN (SELECT hash FROM ended) OR p."sessionToken" IN (SELECT token FROM inactive));
            UPDATE public.device_pairings p SET "isActive" = false, "updatedAt" = now() AT TIME ZONE 'utc' FROM again a WHERE p.id = a.id
            """, cancellationToken);
        if (history)
        {
            await ExecuteAsync(restored, """
                INSERT INTO portal.token_history (hash, "pairingId", "userId", reason) SELECT "sessionToken", id, "userId", 'revoked' FROM again ON CONFLICT (hash) DO NOTHING
                """, cancellationToken);
        }

        if (await HasAsync(restored, "portal.device_state", cancellationToken))
        {
            await ExecuteAsync(restored, """
                DELETE FROM portal.device_state s USING public.device_pairings p JOIN ended e ON e.hash = p."sessionToken" WHERE s."pairingId" = p.id AND e.reason <> 'quarantined';
                INSERT INTO portal.device_state ("pairingId", "quarantinedAt", reason, "actorId", "actorName")
                SELECT s."pairingId", s."quarantinedAt", s.reason, s."actorId", s."actorName" FROM suspended s JOIN public.device_pairings p ON p.id = s."pairingId" AND NOT p."isActive"
                WHERE NOT EXISTS (SELECT FROM ended e WHERE e.hash = p."sessionToken" AND e.reason <> 'quarantined')
                ON CONFLICT DO NOTHING
                """, cancellationToken);
        }

        if (await HasAsync(restored, "portal.device_events", cancellationToken))
        {
            await TellAsync(restored, run, cancellationToken);
        }

        return (int)(long)(await ScalarAsync(restored, "SELECT count(*) FROM again", cancellationToken))!;
    }

    private static async Task TellAsync(NpgsqlConnection restored, RunContext run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO portal.device_events (kind, "userId", "pairingId", "deviceId", "actorId", "actorName", "actorRole", reason)
            SELECT $1, "userId", id, "deviceId", $2, $3, $4, 'It had been ended after the backup that was restored' FROM again
            """, restored);
        foreach (var value in new object?[] { DeviceEventKind.Revoked, run.Actor.Id, run.Actor.Name, run.Actor.Role?.ToString() })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> TakeScopesAsync(NpgsqlConnection live, NpgsqlConnection restored, CancellationToken cancellationToken)
    {
        if (!await HasAsync(live, "portal.device_events", cancellationToken) || !await HasAsync(restored, "portal.device_events", cancellationToken))
        {
            return 0;
        }

        var last = (long)(await ScalarAsync(restored, "SELECT coalesce(max(id), 0) FROM portal.device_events", cancellationToken))!;
        await CopyAsync(live, TakenScopes.Replace("{0}", last.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), restored, "taken", cancellationToken);
        return await ExecuteAsync(restored, """
            DELETE FROM public.device_permissions g USING taken t WHERE g."devicePairingId" = t."pairingId" AND g.permission::text = t.scope
            """, cancellationToken);
    }

    /// <summary>Straight from one server process to the other; the rows never become objects here.</summary>
    private static async Task CopyAsync(NpgsqlConnection from, string select, NpgsqlConnection to, string into, CancellationToken cancellationToken)
    {
        await using var output = await from.BeginRawBinaryCopyAsync($"COPY ({select}) TO STDOUT (FORMAT binary)", cancellationToken);
        await using var input = await to.BeginRawBinaryCopyAsync($"COPY {into} FROM STDIN (FORMAT binary)", cancellationToken);
        await output.CopyToAsync(input, cancellationToken);
    }

    private static async Task<bool> HasAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        await ScalarAsync(connection, $"SELECT to_regclass('{table}') IS NOT NULL", cancellationToken) is true;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
