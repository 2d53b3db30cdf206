using System.Data.Common;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>A connection string as people configure it: Npgsql's, or a <c>postgres://</c> address. No message carries a value of it.</summary>
public static class ConnectionText
{
    private const string Forms = "Write it as Host=…;Database=…;Username=…;Password=… or as postgres://USER:PASSWORD@HOST:PORT/DATABASE.";

    /// <summary>
    /// As Npgsql writes it, and for several hosts with what a failover needs; unchanged when it is not understood, which <see cref="Problem"/> tells.
    /// </summary>
    public static string Normalized(string text) =>
        PostgresUrl.IsOne(text) ? PostgresUrl.Read(text).Connection is { } connection ? WithHosts(connection.ConnectionString) : text
        : Problem("", text) is null ? WithHosts(text) : text;

    /// <summary>What is wrong with it, as a sentence that begins with its key; null: it is understood and names a database.</summary>
    public static string? Problem(string key, string? text)
    {
        if (text is not null && PostgresUrl.IsOne(text))
        {
            var (connection, problem) = PostgresUrl.Read(text);
            return problem is not null ? $"{key} {problem}" : string.IsNullOrEmpty(connection!.Database) ? $"{key} names no database. {Forms}" : null;
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Database) ? $"{key} names no database. {Forms}" : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return $"{key} is neither an Npgsql connection string nor a postgres:// address. {Forms}";
        }
    }

    /// <summary>
    /// Of several hosts the one that takes writes, since the portal always writes; looked for again each second, and one that does not answer
    /// is left after five. What the string says itself is kept.
    /// </summary>
    private static string WithHosts(string text)
    {
        var connection = new NpgsqlConnectionStringBuilder(text);
        if (connection.Host?.Contains(',', StringComparison.Ordinal) != true)
        {
            return text;
        }

        var said = new DbConnectionStringBuilder { ConnectionString = connection.ConnectionString };
        connection.TargetSessionAttributes ??= "primary";
        connection.HostRecheckSeconds = said.ContainsKey("Host Recheck Seconds") ? connection.HostRecheckSeconds : 1;
        connection.Timeout = said.ContainsKey("Timeout") ? connection.Timeout : 5;
        return connection.ConnectionString;
    }

    /// <summary>
    /// The same for a string that is understood, and leads over a network without demanding encryption: whoever listens there would read
    /// everything, the password too. Null: it demands it, or stays on this machine.
    /// </summary>
    internal static string? PlainProblem(string key, string? text)
    {
        if (text is null || Problem(key, text) is not null)
        {
            return null;
        }

        var connection = new NpgsqlConnectionStringBuilder(Normalized(text));
        return connection.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull || ServerAddress.Of(connection).All(server => server.IsThisMachine)
            ? null
            : $"{key} leads to another machine and does not demand encryption. Add SSL Mode=VerifyFull (or VerifyCA, Require; in an address sslmode=verify-full). Where nobody else can listen, set Portal:RequireDatabaseTls=false instead.";
    }

    /// <summary>Nothing but what <see cref="Normalized"/> makes of it; an empty one is none.</summary>
    internal static string? OrNone(string? text) => string.IsNullOrWhiteSpace(text) ? null : Normalized(text);
}
