using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>Section <c>ConnectionStrings</c>: the portal's own database.</summary>
public sealed class PortalConnections
{
    public const string Section = "ConnectionStrings";

    /// <summary>The runtime role, which works on rows and cannot rewrite the audit log.</summary>
    public string Portal { get; set; } = "";

    /// <summary>The owner, which migrates at start; absent: <see cref="Portal"/> does both.</summary>
    public string? PortalOwner { get; set; }
}

/// <summary>Every message names the key and what to write there, and never the value, which holds a password.</summary>
internal sealed class PortalConnectionsValidator : IValidateOptions<PortalConnections>
{
    public ValidateOptionsResult Validate(string? name, PortalConnections options)
    {
        var failures = new List<string>();
        Check("ConnectionStrings:Portal", options.Portal, failures);
        if (options.PortalOwner is { } owner)
        {
            Check("ConnectionStrings:PortalOwner", owner, failures);
            if (failures.Count == 0 && !SameDatabase(options.Portal, owner))
            {
                failures.Add("ConnectionStrings:PortalOwner names another server or database than ConnectionStrings:Portal. Only user name and password may differ.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(string key, string value, List<string> failures)
    {
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(value).Database))
            {
                failures.Add($"{key} names no database. Write it as Host=…;Database=…;Username=…;Password=….");
            }
        }
        catch (ArgumentException)
        {
            failures.Add($"{key} is not an Npgsql connection string. Write it as Host=…;Database=…;Username=…;Password=….");
        }
    }

    private static bool SameDatabase(string runtime, string owner)
    {
        var (a, b) = (new NpgsqlConnectionStringBuilder(runtime), new NpgsqlConnectionStringBuilder(owner));
        return a.Host == b.Host && a.Port == b.Port && a.Database == b.Database;
    }
}
