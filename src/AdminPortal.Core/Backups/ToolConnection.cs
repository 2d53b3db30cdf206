using System.Globalization;
using AdminPortal.Core.Targets;
using Npgsql;

namespace AdminPortal.Core.Backups;

/// <summary>Says an Npgsql connection string in libpq's environment variables. Of several hosts libpq chooses as Npgsql does.</summary>
internal static class ToolConnection
{
    public static IEnumerable<(string Name, string Value)> Variables(NpgsqlConnectionStringBuilder connection, string application = "AdminPortal backups")
    {
        var hosts = ServerAddress.Of(connection);
        (string Name, string? Value)[] all =
        [
            ("PGHOST", string.Join(',', hosts.Select(host => host.Name))),
            ("PGPORT", string.Join(',', hosts.Select(host => host.Port.ToString(CultureInfo.InvariantCulture)))),
            ("PGTARGETSESSIONATTRS", hosts.Count > 1 ? ServerAddress.LibpqAttributes(connection.TargetSessionAttributes) : null),
            ("PGDATABASE", connection.Database),
            ("PGUSER", connection.Username),
            ("PGPASSWORD", connection.Password),
            ("PGPASSFILE", connection.Passfile),
            ("PGSSLMODE", SslMode(connection.SslMode)),
            ("PGSSLROOTCERT", connection.RootCertificate),
            ("PGSSLCERT", connection.SslCertificate),
            ("PGSSLKEY", connection.SslKey),
            ("PGAPPNAME", application),
            ("PGCONNECT_TIMEOUT", "30"),
            ("PGTZ", "UTC"),
        ];
        return all.Where(variable => !string.IsNullOrEmpty(variable.Value)).Select(variable => (variable.Name, variable.Value!));
    }

    private static string SslMode(SslMode mode) => mode switch
    {
        Npgsql.SslMode.Disable => "disable",
        Npgsql.SslMode.Allow => "allow",
        Npgsql.SslMode.Require => "require",
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        _ => "prefer",
    };
}
