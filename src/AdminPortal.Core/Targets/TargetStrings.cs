using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Sees to it that the two connection strings of a target, and of the portal's own database, lead to one database: the owner's would
/// otherwise be migrated and backed up, and the other one worked on. Compared by what both see, not by names, which differ where one goes
/// through a pooler, and proven by a lock that only sessions of one database share.
/// </summary>
public sealed class TargetStrings(IOptions<PortalOptions> options, IOptions<PortalConnections> portal)
{
    private const string Place = "SELECT coalesce((SELECT system_identifier::text FROM pg_control_system()), ''), oid::bigint FROM pg_database WHERE datname = current_database()";

    private const string Held =
        """
        SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid::bigint = $1 >> 32 AND objid::bigint = $1 & 4294967295)
        """;

    /// <exception cref="OptionsValidationException">The strings of a target lead to different databases. One that does not answer is left for later.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var problems = await Task.WhenAll(options.Value.Targets.Keys.Select(target => ProblemAsync(target, cancellationToken)));
        if (problems.OfType<string>().ToList() is { Count: > 0 } found)
        {
            throw new OptionsValidationException(PortalOptions.Section, typeof(PortalOptions), found);
        }
    }

    /// <exception cref="OptionsValidationException">The strings of the portal's own database lead to different ones.</exception>
    public async Task CheckPortalAsync(CancellationToken cancellationToken)
    {
        if (await ProblemAsync("ConnectionStrings:PortalOwner", portal.Value.PortalOwner, "ConnectionStrings:Portal", portal.Value.Portal, cancellationToken) is { } problem)
        {
            throw new OptionsValidationException(PortalConnections.Section, typeof(PortalConnections), [problem]);
        }
    }

    /// <summary>Null: they lead to one database, there is only one string, or one of them does not answer.</summary>
    public Task<string?> ProblemAsync(string target, CancellationToken cancellationToken)
    {
        var settings = options.Value.Targets[target];
        return ProblemAsync($"Portal:Targets:{target}:OwnerConnectionString", settings.OwnerConnectionString, "ConnectionString", settings.ConnectionString, cancellationToken);
    }

    private static async Task<string?> ProblemAsync(string ownerKey, string? ownerString, string runtimeKey, string runtimeString, CancellationToken cancellationToken)
    {
        if (ownerString is null)
        {
            return null;
        }

        try
        {
            await using var owner = await OpenAsync(ownerString, cancellationToken);
            await using var runtime = await OpenAsync(runtimeString, cancellationToken);
            return await CompareAsync(owner, runtime, cancellationToken) is { } difference
                ? $"{ownerKey} and {runtimeKey} lead to {difference}. Correct one of them: only user name and password may differ, and one may go through a pooler."
                : null;
        }
        catch (Exception exception) when (TargetAvailability.IsOutage(exception))
        {
            return null;
        }
    }

    /// <summary>True when both lead to one database and not to a copy of it; asked of the servers, so both must answer.</summary>
    internal static async Task<bool> AreOneAsync(string one, string other, CancellationToken cancellationToken)
    {
        await using var first = await OpenAsync(one, cancellationToken);
        await using var second = await OpenAsync(other, cancellationToken);
        return await CompareAsync(first, second, cancellationToken) is null;
    }

    /// <summary>What differs, in words.</summary>
    private static async Task<string?> CompareAsync(NpgsqlConnection owner, NpgsqlConnection runtime, CancellationToken cancellationToken)
    {
        var (own, other) = (await PlaceAsync(owner, cancellationToken), await PlaceAsync(runtime, cancellationToken));
        if (own.System != other.System)
        {
            return "different servers";
        }

        if (own.Database != other.Database)
        {
            return "different databases of one server";
        }

        // Within a transaction, or a pooler would give the lock to another session.
        var key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await using var take = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({key})"), owner, transaction);
        await take.ExecuteNonQueryAsync(cancellationToken);
        await using var look = new NpgsqlCommand(Held, runtime) { Parameters = { new() { Value = key } } };
        return await look.ExecuteScalarAsync(cancellationToken) is true ? null : "different servers, one of which is a copy of the other or its standby";
    }

    private static async Task<(string System, long Database)> PlaceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Place, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetInt64(1));
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 10, ApplicationName = "AdminPortal start" }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
