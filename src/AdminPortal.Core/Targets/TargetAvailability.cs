using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>What a managed database can do right now; every device page shows it instead of failing.</summary>
public abstract record TargetAvailability(string Target)
{
    public sealed record Ready(string Target) : TargetAvailability(Target);

    /// <summary>Reachable, and migrations of this release are missing.</summary>
    public sealed record NotMigrated(string Target, IReadOnlyList<string> Pending) : TargetAvailability(Target);

    /// <summary>Not reachable; <paramref name="Reason"/> carries no secret.</summary>
    public sealed record Down(string Target, string Reason) : TargetAvailability(Target);

    /// <summary>Asks the database. Never throws for a database that is away or empty.</summary>
    public static async Task<TargetAvailability> CheckAsync(DeviceDatabases databases, string target, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = databases.CreateDbContext(target);
            var pending = await db.Database.GetPendingMigrationsAsync(cancellationToken);
            return pending.ToList() is { Count: > 0 } missing ? new NotMigrated(target, missing) : new Ready(target);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            return new Down(target, Describe(exception));
        }
    }

    /// <summary>True for what a managed database that is away, starting, stopping or not migrated throws.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedObject
            or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        TimeoutException or System.Net.Sockets.SocketException or IOException => true,
        InvalidOperationException { InnerException: { } inner } => IsOutage(inner),
        DbUpdateException { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    internal static string Describe(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "The server answers, and has no database of this name.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => "The server refuses the portal's user name or password.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "The portal's role lacks rights on this database.",
        PostgresException postgres => $"The server answers with the error {postgres.SqlState}.",
        TimeoutException => "The server does not answer in time.",
        _ => "The server cannot be reached.",
    };
}
