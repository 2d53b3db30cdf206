using System.Globalization;
using AdminPortal.Core.Targets;
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
            var servers = ServerAddress.Of(settings);
            hosts = string.Join(',', servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"{(server.Name.Contains(':', StringComparison.Ordinal) ? $"[{server.Name}]" : server.Name)}:{server.Port}")));
            if (servers.Count > 1)
                query.Add($"target_session_attrs={ServerAddress.LibpqAttributes(settings.TargetSessionAttributes)}");
        }

        if (SslModeOf(settings.SslMode) is { } sslMode)
            query.Add($"sslmode={sslMode}");
        if (settings.RootCertificate is { Length: > 0 } certificate)
            query.Add($"sslrootcert={Escape(certificate)}");
        var address = $"postgresql://{user}{hosts}/{Escape(settings.Database ?? "")}";
        return query.Count == 0 ? address : $"{address}?{string.Join('&', query)}";
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
