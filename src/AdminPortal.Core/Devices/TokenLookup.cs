using AdminPortal.Data.Devices;
using AdminPortal.Data.Permissions;
using Npgsql;

namespace AdminPortal.Core.Devices;

/// <summary>What the database knows of a token at one moment: the pairing that it belongs to, and the scopes in force.</summary>
/// <param name="SeenLongAgo">More than a minute ago, so that this call is worth noting.</param>
/// <param name="CanBeCollectedAgain">Its session still holds the seed from which the token is derived.</param>
internal sealed record FoundToken(
    PairedDeviceRow Device, string UserId, bool Expired, bool SeenLongAgo, bool Quarantined, bool CanBeCollectedAgain);

/// <summary>
/// Everything that a call of a device needs to know about it, by one SELECT with a plan that the server keeps. Bare Npgsql: this
/// runs on every call of every device, and EF Core's part of a query costs more than the query (docs/decisions/0010).
/// </summary>
internal static class TokenLookup
{
    private const string Find = """
        SELECT p.id, p."deviceId", p."deviceType", p."deviceName", p."isActive", p."expiresAt", p."lastSeenAt", p."createdAt", p."userId",
            p."expiresAt" <= now() AT TIME ZONE 'utc',
            p."lastSeenAt" < now() AT TIME ZONE 'utc' - interval '1 minute',
            EXISTS (SELECT FROM portal.device_state s WHERE s."pairingId" = p.id),
            EXISTS (SELECT FROM portal.pairing_sessions s WHERE s."pairingId" = p.id AND s.seed IS NOT NULL),
            g.permission, g."grantedAt", g."expiresAt"
        FROM public.device_pairings p
        LEFT JOIN public.device_permissions g ON g."devicePairingId" = p.id AND (g."expiresAt" IS NULL OR g."expiresAt" > now() AT TIME ZONE 'utc')
        WHERE p."sessionToken" = $1
        ORDER BY g.permission
        """;

    private const string See = """
        UPDATE public.device_pairings SET "lastSeenAt" = now() AT TIME ZONE 'utc'
        WHERE id = $1 AND "lastSeenAt" < now() AT TIME ZONE 'utc' - interval '1 minute'
        RETURNING "lastSeenAt"
        """;

    /// <summary>Null: no pairing has this token.</summary>
    public static async Task<FoundToken?> FindAsync(NpgsqlDataSource keyed, string hash, CancellationToken cancellationToken)
    {
        await using var command = keyed.CreateCommand(Find);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var permissions = new List<PairedPermission>();
        var found = new FoundToken(
            new PairedDeviceRow(
                reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DeviceType>(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetBoolean(4), Utc(reader, 5), Utc(reader, 6), Utc(reader, 7), permissions),
            reader.GetString(8), reader.GetBoolean(9), reader.GetBoolean(10), reader.GetBoolean(11), reader.GetBoolean(12));
        do
        {
            if (!reader.IsDBNull(13))
            {
                permissions.Add(new PairedPermission(
                    reader.GetFieldValue<PermissionScope>(13), Utc(reader, 14), reader.IsDBNull(15) ? null : Utc(reader, 15)));
            }
        }
        while (await reader.ReadAsync(cancellationToken));
        return found;
    }

    /// <summary>Moves the time of the last sight to now, unless another call just did; the new time, or null.</summary>
    public static async Task<DateTime?> SeeAsync(NpgsqlDataSource keyed, string pairingId, CancellationToken cancellationToken)
    {
        await using var command = keyed.CreateCommand(See);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = pairingId });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime seen ? DateTime.SpecifyKind(seen, DateTimeKind.Utc) : null;
    }

    /// <summary>The columns are without a zone and hold UTC.</summary>
    private static DateTime Utc(NpgsqlDataReader reader, int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);
}
