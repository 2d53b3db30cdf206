using System.Collections.Concurrent;
using AdminPortal.Core.Activity;
using AdminPortal.Core.Bulk;
using AdminPortal.Core.Devices;
using AdminPortal.Core.SampleData;
using AdminPortal.Core.Targets;
using AdminPortal.Data.Accounts;
using AdminPortal.Testing;
using AdminPortal.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminPortal.Web.Tests.Pages;

/// <summary>Portals with nothing, little and much in them; each is filled once, when the first test asks for it.</summary>
public sealed class SizedPortals(PostgresCluster cluster) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Lazy<Task<SizedPortal>>> portals = new();

    internal Task<SizedPortal> OfAsync(int devices) =>
        portals.GetOrAdd(devices, size => new Lazy<Task<SizedPortal>>(() => SizedPortal.StartAsync(cluster, size, TestContext.Current.CancellationToken))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in portals.Values)
        {
            await (await portal.Value).Portal.DisposeAsync();
        }
    }
}

/// <summary>A portal with so many devices, all registered for sync, that have every verdict.</summary>
internal sealed record SizedPortal(RunningPortal Portal, ErrorList Errors, IReadOnlyDictionary<string, string> Places)
{
    private static readonly Actor Admin = new("sizes", "Sizes", AccountRole.Admin, null, null);

    private static readonly string[] Verdicts =
    [
        "INSERT INTO public.devices (id, \"userId\", \"deviceId\", platform, \"osVersion\", \"appVersion\", \"updatedAt\") " +
        "SELECT 'd-' || p.id, p.\"userId\", p.\"deviceId\", 'ios', '18.1', '2.1.0', now() FROM public.device_pairings p " +
        "WHERE NOT EXISTS (SELECT FROM public.devices d WHERE d.\"deviceId\" = p.\"deviceId\")",
        """
        INSERT INTO sync.device_state ("deviceId", "userId", "lastAttemptAt", "lastSuccessAt", "fullReadAt", pending, "oldestPendingAt", "attemptsWithoutDrop", "consecutiveFailures",
            "consecutiveRefusals", "clockSkewSeconds", "schemaVersion", "pushTokenAt")
        SELECT d."deviceId", d."userId", now(),
            now() - make_interval(days => CASE n % 13 WHEN 7 THEN 80 WHEN 8 THEN 40 WHEN 9 THEN 10 ELSE 0 END),
            CASE WHEN n % 13 <> 0 THEN now() END,
            CASE n % 13 WHEN 3 THEN 7 WHEN 6 THEN 2 ELSE 0 END, CASE WHEN n % 13 = 3 THEN now() - interval '3 hours' END, CASE WHEN n % 13 = 3 THEN 9 ELSE 0 END,
            CASE WHEN n % 13 = 4 THEN 5 ELSE 0 END, CASE WHEN n % 13 = 1 THEN 5 ELSE 0 END, CASE WHEN n % 13 = 11 THEN 4000 ELSE 0 END,
            CASE WHEN n % 13 = 2 THEN 99 ELSE 1 END, now()
        FROM (SELECT *, row_number() OVER (ORDER BY p."isActive" AND p."expiresAt" > now() AT TIME ZONE 'utc' DESC, d.id) AS n
            FROM public.devices d JOIN public.device_pairings p USING ("deviceId", "userId")) AS d("deviceId", "userId")
        """,
        """UPDATE public.devices d SET "pushToken" = 'push-' || d.id FROM sync.device_state s WHERE s."deviceId" = d."deviceId" AND hashtext(d.id) % 13 <> 0""",
        """
        INSERT INTO sync.rejections (id, "userId", "deviceId", "opId", entity, problem, detail, operation)
        SELECT 'r-' || d.id, d."userId", d."deviceId", 'o-' || d.id, 'task', 'validation', 'title is missing.', '{"fields":{}}'
        FROM public.devices d WHERE hashtext(d.id) % 13 = 5
        """,
        "INSERT INTO sync.heads (\"userId\", version) SELECT id, 0 FROM public.users ON CONFLICT DO NOTHING",
        "ANALYZE",
    ];

    public static async Task<SizedPortal> StartAsync(PostgresCluster cluster, int devices, CancellationToken cancellationToken)
    {
        var portal = await RunningPortal.StartAsync(cluster, cancellationToken);
        var services = portal.Services;
        var errors = new ErrorList();
        services.GetRequiredService<ILoggerFactory>().AddProvider(errors);
        if (devices > 0)
        {
            await services.GetRequiredService<SampleCrowd>().FillAsync("main", devices, force: false, new Progress<int>(), cancellationToken);
            await using var owner = new NpgsqlConnection(services.GetRequiredService<TargetAccess>().Owner("main").ConnectionString);
            await owner.OpenAsync(cancellationToken);
            foreach (var statement in Verdicts)
            {
                await using var command = new NpgsqlCommand(statement, owner);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        return new SizedPortal(portal, errors, await PlacesAsync(services, cancellationToken));
    }

    /// <summary>What stands for the parameters of each route: something that is there, where the size has it.</summary>
    private static async Task<Dictionary<string, string>> PlacesAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var db = services.GetRequiredService<DeviceDatabases>().CreateDbContext();
        var pairing = await db.DevicePairings.OrderBy(p => p.Id).FirstOrDefaultAsync(cancellationToken);
        var selection = await services.GetRequiredService<DeviceSelections>().FreezeAsync(Admin, new DeviceFilter(), cancellationToken) as SelectionOutcome.Frozen;
        return new(StringComparer.Ordinal)
        {
            ["/devices/{Id}"] = $"/devices/{pairing?.Id ?? "none"}",
            ["/devices/bulk/{Id}"] = $"/devices/bulk/{selection?.SelectionId ?? "none"}",
            ["/users/{Id}"] = $"/users/{pairing?.UserId ?? "none"}",
            ["/sync/{Id}"] = $"/sync/{pairing?.DeviceId ?? "none"}",
            ["/settings/policies/{Name}"] = "/settings/policies/longest-pairing",
            ["/verification/{Target}"] = "/verification/main",
            ["/verification/{Target}/duplicates"] = "/verification/main/duplicates",
            ["/targets/{Target}/take-over"] = "/targets/main/take-over",
            ["/migrations/{Target}"] = "/migrations/main",
            ["/migrations/{Target}/comparison"] = "/migrations/main/comparison",
            ["/deployments/{Target}"] = "/deployments/main",
            ["/deployments/{Target}/report"] = "/deployments/main/report",
            ["/backups/{Id}"] = "/backups/none",
            ["/backups/{id}/file"] = "/backups/none/file",
            ["/runs/{Id}"] = "/runs/none",
            ["/sign-in/with/{provider}"] = "/sign-in/with/none",
            ["/scim/v2/ResourceTypes/{id}"] = "/scim/v2/ResourceTypes/User",
            ["/scim/v2/Schemas/{id}"] = "/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
            ["/scim/v2/Users/{id}"] = "/scim/v2/Users/none",
            ["/api/qr/sessions/{id}"] = "/api/qr/sessions/none",
            ["/api/qr/pair/{id}"] = "/api/qr/pair", // the device itself polls there, with a secret of its own
        };
    }
}

/// <summary>What the portal logged as an error since it was last asked.</summary>
internal sealed class ErrorList : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> errors = new();

    public string Take()
    {
        var text = string.Join(" | ", errors);
        errors.Clear();
        return text;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            errors.Enqueue($"{formatter(state, exception)} {exception?.Message}");
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
