using System.Globalization;
using Npgsql;

namespace AdminPortal.Web.Targets;

/// <summary>Writes an Npgsql connection string as the URL that psql, pg_dump and every other libpq program takes.</summary>
internal static class LibpqUrl
{
    public static string From(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var user = settings.Username is { Length: > 0 } name
            ? Escape(name) + (settings.Password is { Length: > 0 } password ? $":{Escape(password)}" : "") + "@"
            : "";
        var query = new List<string>();
        var hosts = "";
        if (settings.Host is ['/' or '@', ..] socketFolder)
        {
            query.Add($"host={Escape(socketFolder)}");
            query.Add($"port={settings.Port.ToString(CultureInfo.InvariantCulture)}");
        }
        else
        {
            hosts = string.Join(',', (settings.Host ?? "localhost").Split(',', StringSplitOptions.TrimEntries).Select(host => WithPort(host, settings.Port)));
        }

        if (SslModeOf(settings.SslMode) is { } sslMode)
            query.Add($"sslmode={sslMode}");
        if (settings.RootCertificate is { Length: > 0 } certificate)
            query.Add($"sslrootcert={Escape(certificate)}");
        var address = $"postgresql://{user}{hosts}/{Escape(settings.Database ?? "")}";
        return query.Count == 0 ? address : $"{address}?{string.Join('&', query)}";
    }

    private static string WithPort(string host, int port)
    {
        var hasPort = host.StartsWith('[') ? host.Contains("]:", StringComparison.Ordinal) : host.Count(character => character == ':') == 1;
        return hasPort ? host : $"{(host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host)}:{port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Null where libpq's own default, to encrypt when the server can, does.</summary>
    private static string? SslModeOf(SslMode mode) => mode switch
    {
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => null,
    };

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
