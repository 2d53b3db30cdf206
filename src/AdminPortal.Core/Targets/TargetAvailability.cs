using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>What a managed database can do right now; every device page shows it instead of failing.</summary>
public abstract record TargetAvailability(string Target)
{
    public sealed record Ready(string Target) : TargetAvailability(Target);

    /// <summary>Reachable, and migrations of this release are missing.</summary>
    public sealed record NotMigrated(string Target, IReadOnlyList<string> Pending) : TargetAvailability(Target);

    /// <summary>Reachable and migrated, and somebody renamed or dropped what the portal reads; <paramref name="Missing"/> are schema.table or schema.table.column.</summary>
    public sealed record Altered(string Target, IReadOnlyList<string> Missing) : TargetAvailability(Target)
    {
        public string Words => $"The database lacks {string.Join(", ", Missing)}: renamed or dropped by something else than the portal. It goes on by itself when that is back.";
    }

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

    /// <summary>
    /// What a page shows after <paramref name="exception"/>: the database asked again. Null when it is in order, and a query asked
    /// for a table or column that no migration of this release makes: that is a fault of the portal.
    /// </summary>
    public static async Task<TargetAvailability?> AfterAsync(Exception exception, DeviceDatabases databases, string target, CancellationToken cancellationToken)
    {
        var found = await CheckAsync(databases, target, cancellationToken);
        return found is not Ready || !LacksSchema(exception) ? found
            : await MissingAsync(databases, target, exception, cancellationToken) is { Count: > 0 } missing ? new Altered(target, missing) : null;
    }

    /// <summary>What the server named as missing, and should be there.</summary>
    private static async Task<List<string>> MissingAsync(DeviceDatabases databases, string target, Exception exception, CancellationToken cancellationToken)
    {
        var message = exception.GetBaseException().Message;
        await using var db = databases.CreateDbContext(target);
        var wanted = db.Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns, (table, column) => (Schema: table.Schema ?? "public", Table: table.Name, Column: column.Name))
            .Where(c => message.Contains(c.Table, StringComparison.Ordinal) || message.Contains(c.Column, StringComparison.Ordinal)).ToList();
        var (schemas, tables, columns) = (wanted.ConvertAll(c => c.Schema), wanted.ConvertAll(c => c.Table), wanted.ConvertAll(c => c.Column));
        return await db.Database.SqlQuery<string>($"""
            SELECT DISTINCT concat_ws('.', w.s, w.t, CASE WHEN r.oid IS NOT NULL THEN w.c END) AS "Value"
            FROM unnest({schemas}, {tables}, {columns}) AS w(s, t, c)
            LEFT JOIN LATERAL (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = w.s AND c.relname = w.t) r ON true
            WHERE CASE WHEN r.oid IS NULL THEN position(w.t IN {message}) > 0
                ELSE position(w.c IN {message}) > 0 AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attname = w.c AND NOT a.attisdropped) END
            ORDER BY 1
            """).ToListAsync(cancellationToken);
    }

    /// <summary>True for what stops a database from serving for now: it is away, or not migrated to this release yet. Work in the background tries again later.</summary>
    public static bool CannotServe(Exception exception) => IsOutage(exception) || LacksSchema(exception);

    /// <summary>True when a database answers and lacks a table, column, function, type or schema that was asked for: it is not migrated yet, or the query is wrong. Never an outage.</summary>
    public static bool LacksSchema(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidSchemaName,
        InvalidOperationException { InnerException: { } inner } => LacksSchema(inner),
        DbUpdateException { InnerException: { } inner } => LacksSchema(inner),
        _ => false,
    };

    /// <summary>True for what a database that is away, starting, stopping or refusing the portal throws.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        TimeoutException or SocketException or IOException => true,
        InvalidOperationException { InnerException: { } inner } => IsOutage(inner),
        DbUpdateException { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    internal static string Describe(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "The server answers, and has no database of this name.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => "The server refuses the portal's user name or password.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } postgres => Refusal(postgres.MessageText),
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "The server has no connection left for this role or database (max_connections, CONNECTION LIMIT).",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "The server is starting, stopping or recovering.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "The portal's role lacks rights on this database.",
        PostgresException postgres => $"The server answers with the error {postgres.SqlState}.",
        InvalidOperationException { InnerException: { } inner } => Describe(inner),
        DbUpdateException { InnerException: { } inner } => Describe(inner),
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => "The server does not answer in time.",
        NpgsqlException { InnerException: AuthenticationException } =>
            "The server's certificate is not trusted. Name the authority that issued it (Root Certificate, sslrootcert), and with VerifyFull (verify-full) the host that it was issued for.",
        NpgsqlException when exception.Message.Contains("SSL", StringComparison.Ordinal) =>
            "The server offers no encryption (ssl = off), and the connection string demands it. Turn it on there, or change SSL Mode (sslmode).",
        NpgsqlException { InnerException: SocketException socket } => Describe(socket),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "The server cannot be reached: its name is not known.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "The server cannot be reached: nothing listens at that address and port.",
        FileNotFoundException or DirectoryNotFoundException => "A file that the connection string names, such as a certificate, is not there.",
        _ => "The server cannot be reached.",
    };

    /// <summary>The class of the refusal; the server's own message names hosts and users.</summary>
    private static string Refusal(string message)
    {
        if (!message.Contains("pg_hba.conf", StringComparison.Ordinal))
        {
            return message.Contains("not permitted to log in", StringComparison.Ordinal)
                ? "The server refuses the role: it may not log in (NOLOGIN)."
                : "The server refuses the role: it does not exist there, or its way to sign in (pg_hba.conf) does not fit.";
        }

        var how = message.Contains("no encryption", StringComparison.Ordinal) ? " without encryption" : message.Contains("SSL encryption", StringComparison.Ordinal) ? " with encryption" : "";
        return message.Contains("rejects", StringComparison.Ordinal)
            ? $"The server's pg_hba.conf rejects this role, database and address{how}."
            : $"The server's pg_hba.conf has no entry for this role, database and address{how}.";
    }
}
