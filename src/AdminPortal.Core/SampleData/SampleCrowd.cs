using System.Diagnostics;
using System.Text;
using AdminPortal.Core.Migrations;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.SampleData;

/// <summary>What came of filling a target with a crowd.</summary>
public abstract record SampleCrowdOutcome
{
    private SampleCrowdOutcome()
    {
    }

    public sealed record Done(int Users, int Pairings, int Permissions, TimeSpan Took) : SampleCrowdOutcome;

    /// <summary>Nothing was written; the reason names the way out.</summary>
    public sealed record Refused(string Reason) : SampleCrowdOutcome;
}

/// <summary>
/// Fills a managed database with as many sample people and devices as a large service has, to judge the portal by. All or
/// nothing: a fill that is stopped leaves no row. <c>portal sample clear</c> takes it away again.
/// </summary>
public sealed class SampleCrowd(IOptions<PortalOptions> options, TimeProvider time)
{
    public const int MaximumPairings = 10_000_000;
    private const int Chunk = 20_000;

    private static readonly string[] Filled =
        ["public.users", "public.device_pairings", "public.device_permissions", "public.devices", "portal.device_state", "portal.device_events"];

    /// <param name="force">True: also into a protected target, or beside pairings that are no sample.</param>
    /// <param name="progress">Told the number of pairings written so far.</param>
    public async Task<SampleCrowdOutcome> FillAsync(string target, int pairings, bool force, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var settings = options.Value.Targets[target];
        if (settings.Protected && !force)
        {
            return new SampleCrowdOutcome.Refused($"{target} is protected. Fill another target, or say --force.");
        }

        await using var source = DatabaseOptions.CreateDataSource(settings.OwnerConnectionString ?? settings.ConnectionString);
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            if (!await MigrationSteps.MadePeopleAsync(connection, cancellationToken))
            {
                return new SampleCrowdOutcome.Refused($"The people of {target} are its host's, and the portal puts none beside them. Fill a database that the portal made, such as that of ./run.");
            }
        }

        await using (var foreign = source.CreateCommand("""SELECT EXISTS (SELECT FROM public.device_pairings WHERE "userId" NOT LIKE 'sample-%')"""))
        {
            if (!force && await foreign.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new SampleCrowdOutcome.Refused($"{target} holds devices that are no sample. Fill another target, or say --force.");
            }
        }

        return await WriteAsync(source, pairings, time, progress, cancellationToken);
    }

    internal static async Task<SampleCrowdOutcome.Done> WriteAsync(
        NpgsqlDataSource source, int pairings, TimeProvider time, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = new SampleCrowdRows(time.GetUtcNow().UtcDateTime, pairings, await FirstFreeUserAsync(connection, cancellationToken));
        var users = rows.AddUsers();
        await CopyAsync(connection, """public.users (id, email, name, "createdAt", "updatedAt", "lastSyncedAt")""", rows.Users, cancellationToken);
        for (var from = 0; from < pairings; from += Chunk)
        {
            rows.AddPairings(from, Math.Min(pairings, from + Chunk));
            await CopyAsync(
                connection,
                """public.device_pairings (id, "userId", "deviceId", "deviceType", "deviceName", "sessionToken", "expiresAt", "ipAddress", "userAgent", "isActive", "lastSeenAt", "createdAt", "updatedAt")""",
                rows.Pairings, cancellationToken);
            await CopyAsync(
                connection, """public.device_permissions (id, "devicePairingId", permission, "grantedAt", "expiresAt", "createdAt", "updatedAt")""",
                rows.Permissions, cancellationToken);
            await CopyAsync(
                connection, """public.devices (id, "userId", "deviceId", platform, "osVersion", "appVersion", "lastSeenAt", "createdAt", "updatedAt")""",
                rows.Devices, cancellationToken);
            await CopyAsync(connection, """portal.device_state ("pairingId", "quarantinedAt", reason, "actorId", "actorName")""", rows.States, cancellationToken);
            await CopyAsync(
                connection, """portal.device_events (at, kind, "userId", "deviceId", "pairingId", "actorId", address)""", rows.Events, cancellationToken);
            progress.Report(Math.Min(pairings, from + Chunk));
        }

        await transaction.CommitAsync(cancellationToken);
        await VacuumAsync(connection, cancellationToken);
        return new SampleCrowdOutcome.Done(users, pairings, rows.PermissionCount, watch.Elapsed);
    }

    /// <summary>A second crowd stands beside the first.</summary>
    private static async Task<int> FirstFreeUserAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Last = """SELECT COALESCE(max(substr(id, 8)::integer), 0) + 1 FROM public.users WHERE id ~ '^sample-[0-9]{7,8}$'""";
        await using var command = new NpgsqlCommand(Last, connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, StringBuilder rows, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
        {
            return;
        }

        await using var writer = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN", cancellationToken);
        await writer.WriteAsync(rows, cancellationToken);
    }

    /// <summary>So that the first look at it is planned with its statistics and reads indexes alone where that is enough.</summary>
    private static async Task VacuumAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in Filled)
        {
            await using var command = new NpgsqlCommand($"VACUUM (ANALYZE) {table}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
