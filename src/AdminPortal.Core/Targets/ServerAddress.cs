using System.Globalization;
using System.Net;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>One of the servers that a connection string names.</summary>
/// <param name="Name">A name, an address without brackets, or a folder of sockets.</param>
public sealed record ServerAddress(string Name, int Port)
{
    /// <summary>True for a socket, and for what never leaves this machine.</summary>
    public bool IsThisMachine => Name is ['/' or '@', ..]
        || Name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Name, out var address) && IPAddress.IsLoopback(address));

    /// <summary>In their order; a port of their own goes before the string's.</summary>
    public static IReadOnlyList<ServerAddress> Of(NpgsqlConnectionStringBuilder connection) =>
        [.. (connection.Host ?? "localhost").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(host => Parse(host, connection.Port))];

    /// <summary>In libpq's word; Npgsql's one word that libpq lacks means any server there.</summary>
    public static string LibpqAttributes(string? attributes) => (attributes ?? "any").ToLowerInvariant() switch
    {
        "prefer-primary" => "any",
        var same => same,
    };

    private static ServerAddress Parse(string host, int port)
    {
        if (host.StartsWith('[') && host.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            return new(host[1..end], PortOf(host[(end + 1)..].TrimStart(':')) ?? port);
        }

        return host.Split(':') is [var name, var own] && !host.StartsWith('/') ? new(name, PortOf(own) ?? port) : new(host, port);
    }

    private static int? PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
