using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AdminPortal.Core.Targets;

/// <summary>
/// The owner's way into managed databases, for operations: migrations, verification, backups. Connections are not pooled, so
/// that nothing of them stays behind after an operation.
/// </summary>
public sealed class TargetAccess(IOptions<PortalOptions> options)
{
    /// <summary>The configured targets in the order in which a release passes them: those that others require come first.</summary>
    public IReadOnlyList<string> Names =>
        [.. options.Value.Targets.Keys.OrderBy(Depth).ThenBy(name => name, StringComparer.OrdinalIgnoreCase)];

    public string PrimaryName => options.Value.PrimaryTarget;

    public bool Exists(string target) => options.Value.Targets.ContainsKey(target);

    /// <summary>The name as it is configured, whatever the case in which it was typed; null: there is no such target.</summary>
    public string? Find(string? target) => options.Value.Targets.Keys.FirstOrDefault(name => string.Equals(name, target, StringComparison.OrdinalIgnoreCase));

    public TargetOptions Settings(string target) => options.Value.Targets[target];

    /// <summary>The owner's connection string; it holds a password and is never shown.</summary>
    public NpgsqlConnectionStringBuilder Owner(string target)
    {
        var settings = options.Value.Targets[target];
        return new NpgsqlConnectionStringBuilder(settings.OwnerConnectionString ?? settings.ConnectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
            Timezone = "UTC",
            ApplicationName = "AdminPortal operations",
            KeepAlive = 30,
        };
    }

    /// <summary>The role that the portal works with day by day.</summary>
    public string? RuntimeRole(string target) => new NpgsqlConnectionStringBuilder(options.Value.Targets[target].ConnectionString).Username;

    /// <summary>A data source of the owner's that knows the enums; the caller disposes of it.</summary>
    public NpgsqlDataSource CreateOwnerDataSource(string target) => DatabaseOptions.CreateDataSource(Owner(target).ConnectionString);

    /// <summary>A context of the owner's; the caller disposes of it.</summary>
    internal static DeviceDbContext CreateContext(NpgsqlDataSource source) =>
        new((DbContextOptions<DeviceDbContext>)new DbContextOptionsBuilder<DeviceDbContext>().UseDeviceDatabase(source).Options);

    /// <summary>What at most one unfinished run may hold per target, whatever it does there.</summary>
    public static string ExclusiveKey(string target) => $"target:{target}";

    private int Depth(string name)
    {
        var depth = 0;
        for (var at = name; options.Value.Targets.TryGetValue(at, out var target) && target.Requires is { } required && depth <= options.Value.Targets.Count; at = required)
        {
            depth++;
        }

        return depth;
    }
}
