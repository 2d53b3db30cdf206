using Npgsql;

namespace AdminPortal.Core.Verification.Checks;

/// <summary>Pairs a device, grants it a permission, reads both as the API does and ends it, inside a transaction that is rolled back.</summary>
internal sealed class RoundTripCheck : VerificationCheck
{
    private const string Subject = "a pairing and a permission";
    private const string NewUser = """INSERT INTO portal.users (id, email, "createdAt", "updatedAt") VALUES ($1, $1 || '@verification.invalid', now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')""";
    private const string Pair = """
        INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
        VALUES ($1, $2, $1, 'MOBILE_IOS', $1, now() AT TIME ZONE 'utc' + interval '1 minute', now() AT TIME ZONE 'utc')
        """;
    private const string Grant = """
        INSERT INTO public.device_permissions (id, "devicePairingId", permission, "createdAt", "updatedAt") VALUES ($1, $1, 'WRITE_NOTES', now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc')
        """;
    private const string Ask = """
        SELECT count(*) FROM public.device_pairings p JOIN public.device_permissions g ON g."devicePairingId" = p.id
        WHERE p."sessionToken" = $1 AND p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc' AND g.permission = 'WRITE_NOTES'
        """;
    private const string End = """UPDATE public.device_pairings SET "isActive" = false WHERE id = $1""";
    private static readonly string[] Tables = ["portal.users", "public.device_pairings", "public.device_permissions", "public.DeviceType", "public.PermissionScope"];

    public override string Id => "round-trip";

    public override string Title => "A device can be paired, given a permission, recognised and ended";

    public override string Expected => "Pairing, granting, asking and ending work for the portal's role; nothing is kept.";

    public override async Task<IReadOnlyList<Finding>> LookAsync(CheckedTarget target, CancellationToken cancellationToken)
    {
        if (!Tables.Take(3).All(table => target.Actual.HasTable(table)) || target.Findings.Exists(f => f.Severity == CheckSeverity.Error && Array.Exists(Tables, f.Subject.StartsWith)))
        {
            return [new Finding(CheckSeverity.Info, Subject, Expected, "not tried", "The tables for it differ: resolve that first.")];
        }

        var settings = new NpgsqlConnectionStringBuilder(target.Settings.ConnectionString) { Pooling = false, Timezone = "UTC", ApplicationName = "AdminPortal verification", Timeout = 5, CommandTimeout = 10 };
        try
        {
            return await TryAsync(settings.ConnectionString, cancellationToken);
        }
        catch (PostgresException exception)
        {
            return [new Finding(CheckSeverity.Error, Subject, Expected, $"{exception.MessageText} ({exception.SqlState})", "Devices cannot be paired here until this is resolved. A trigger, a right or a column of the host's stands in the way.")];
        }
    }

    private static async Task<IReadOnlyList<Finding>> TryAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, "SET LOCAL lock_timeout = '2s'", cancellationToken);
        var id = $"verification-{Data.Ids.New()}";
        var user = await ScalarAsync(connection, "SELECT id FROM portal.users LIMIT 1", cancellationToken) as string;
        if (user is null && await ScalarAsync(connection, "SELECT has_table_privilege('portal.users', 'INSERT')", cancellationToken) is false)
        {
            return [new Finding(CheckSeverity.Info, Subject, "a person to pair a device for", "not tried", "There is no user to pair a device for, and making one is the host's.")];
        }

        if (user is null)
        {
            await RunAsync(connection, NewUser, cancellationToken, id);
        }

        await RunAsync(connection, Pair, cancellationToken, id, user ?? id);
        await RunAsync(connection, Grant, cancellationToken, id);
        var before = await ScalarAsync(connection, Ask, cancellationToken, id);
        await RunAsync(connection, End, cancellationToken, id);
        var after = await ScalarAsync(connection, Ask, cancellationToken, id);
        await transaction.RollbackAsync(cancellationToken);
        return before is 1L && after is 0L ? []
            : [new Finding(CheckSeverity.Error, Subject, "recognised once before its end, not after", $"{before} before, {after} after", "Something changes the rows as they are written: look at the triggers of device_pairings and device_permissions.")];
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
