using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// Understands <c>postgres://</c> and <c>postgresql://</c> addresses as libpq and Prisma write them. No message carries a user name,
/// a password or any other value of the address.
/// </summary>
internal static partial class PostgresUrl
{
    /// <summary>What other clients tune, and Npgsql does by itself or in another way.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "pgbouncer", "pool_timeout", "statement_cache_size", "client_encoding", "fallback_application_name", "gssencmode", "keepalives", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "timezone", "uselibpqcompat", "sslcompression", "sslsni",
    };

    public static bool IsOne(string text) => Scheme().IsMatch(text);

    /// <summary>The same as Npgsql writes it; or what is not understood, as the end of a sentence that begins with the key.</summary>
    public static (NpgsqlConnectionStringBuilder? Connection, string? Problem) Read(string url)
    {
        var text = url.Trim()[(url.Trim().IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (BrokenPercent().IsMatch(text))
        {
            return (null, "has a percent sign that begins no percent-encoding. Write a percent sign of a password as %25.");
        }

        var question = text.IndexOf('?', StringComparison.Ordinal);
        var (place, query) = question < 0 ? (text, "") : (text[..question], text[(question + 1)..]);
        var at = place.LastIndexOf('@');
        var (who, where) = at < 0 ? ("", place) : (place[..at], place[(at + 1)..]);
        var connection = new NpgsqlConnectionStringBuilder();
        if (who.Split(':', 2) is [var user, .. var rest] && user.Length > 0)
        {
            connection.Username = Uri.UnescapeDataString(user);
            connection.Password = rest is [{ } password] ? Uri.UnescapeDataString(password) : null;
        }

        var (hosts, database) = where.Split('/', 2) is [var first, .. var path] ? (first, path.FirstOrDefault() ?? "") : ("", "");
        if (database.Contains('/', StringComparison.Ordinal) || database.Contains('@', StringComparison.Ordinal))
        {
            return (null, "is not understood: percent-encode “@”, “/”, “?” and “#” in its user name and password.");
        }

        if (database.Length > 0)
        {
            connection.Database = Uri.UnescapeDataString(database);
        }

        if (PlaceProblem(connection, hosts) is { } place1)
        {
            return (null, place1);
        }

        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var key, .. var values] ? (Uri.UnescapeDataString(key), Uri.UnescapeDataString(values.FirstOrDefault() ?? "")) : ("", "");
            if (Parameter(connection, name.ToLowerInvariant(), value) is { } problem)
            {
                return (null, problem);
            }
        }

        return (connection, null);
    }

    private static string? PlaceProblem(NpgsqlConnectionStringBuilder connection, string hosts)
    {
        List<string> found = [];
        foreach (var host in hosts.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Host().Match(host) is not { Success: true } match || (match.Groups["port"].Value is { Length: > 0 } port && (!ushort.TryParse(port, CultureInfo.InvariantCulture, out var number) || number == 0)))
            {
                return "names a host and port that are not understood. If its password has “@”, “:”, “/”, “?” or “#”, percent-encode them.";
            }

            found.Add($"{Uri.UnescapeDataString(match.Groups["name"].Value)}{(match.Groups["port"].Length > 0 ? $":{match.Groups["port"].Value}" : "")}");
        }

        if (found is [var only] && Host().Match(hosts) is var one)
        {
            connection.Host = Uri.UnescapeDataString(one.Groups["name"].Value.Trim('[', ']'));
            connection.Port = one.Groups["port"].Length > 0 ? int.Parse(one.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) : NpgsqlConnection.DefaultPort;
        }
        else
        {
            connection.Host = found.Count == 0 ? "localhost" : string.Join(',', found);
        }

        return null;
    }

    private static string? Parameter(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        try
        {
            return name switch
            {
                "schema" => value is "public" or "" ? null : "names another schema than public. The portal works on tables in schema public; leave the parameter schema out.",
                "sslmode" => SslMode(connection, value),
                "ssl" => SslMode(connection, value is "true" or "1" ? "require" : "prefer"),
                "sslaccept" => value is "strict" ? SslMode(connection, "verify-full") : null,
                "sslrootcert" => Set(() => connection.RootCertificate = value),
                "sslcert" => Set(() => connection.SslCertificate = value),
                "sslkey" => Set(() => connection.SslKey = value),
                "sslpassword" => Set(() => connection.SslPassword = value),
                "connect_timeout" => Set(() => connection.Timeout = int.Parse(value, CultureInfo.InvariantCulture)),
                "socket_timeout" => Set(() => connection.CommandTimeout = int.Parse(value, CultureInfo.InvariantCulture)),
                "connection_limit" => Set(() => connection.MaxPoolSize = int.Parse(value, CultureInfo.InvariantCulture)),
                "application_name" => Set(() => connection.ApplicationName = value),
                "options" => Set(() => connection.Options = value),
                "host" => Set(() => connection.Host = value),
                "port" => Set(() => connection.Port = int.Parse(value, CultureInfo.InvariantCulture)),
                "user" => Set(() => connection.Username = value),
                "password" => Set(() => connection.Password = value),
                "dbname" => Set(() => connection.Database = value),
                "passfile" => Set(() => connection.Passfile = value),
                "target_session_attrs" => Set(() => connection.TargetSessionAttributes = value),
                "channel_binding" => Set(() => connection.ChannelBinding = Enum.Parse<ChannelBinding>(value, ignoreCase: true)),
                _ => Ignored.Contains(name) ? null : $"has the parameter “{Name(name)}”, which the portal does not know. Leave it out.",
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return $"has a value of the parameter “{Name(name)}” that is not understood.";
        }
    }

    private static string? SslMode(NpgsqlConnectionStringBuilder connection, string value)
    {
        connection.SslMode = value switch
        {
            "disable" => Npgsql.SslMode.Disable,
            "allow" => Npgsql.SslMode.Allow,
            "prefer" => Npgsql.SslMode.Prefer,
            "require" or "no-verify" => Npgsql.SslMode.Require,
            "verify-ca" => Npgsql.SslMode.VerifyCA,
            "verify-full" => Npgsql.SslMode.VerifyFull,
            _ => throw new FormatException(),
        };
        return null;
    }

    private static string? Set(Action set)
    {
        set();
        return null;
    }

    /// <summary>What was taken for a parameter may be the rest of a password.</summary>
    private static string Name(string name) => ParameterName().IsMatch(name) ? name : "…";

    [GeneratedRegex("^\\s*postgres(ql)?://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BrokenPercent();

    [GeneratedRegex(@"^(?<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]+)(:(?<port>\d*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();

    [GeneratedRegex("^[a-z][a-z_]{2,30}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterName();
}
