using System.Text.Json;
using AdminPortal.Core.Sync;
using AdminPortal.Core.Sync.Protocol;
using AdminPortal.Core.Targets;
using AdminPortal.Core.Tests.Migrations;
using AdminPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AdminPortal.Core.Tests.Hosts;

/// <summary>A registered phone of one of a host's people, which speaks the protocol on <c>staging</c> with the portal's own rights.</summary>
internal sealed class EntityPhone : IAsyncDisposable
{
    private static int _count;
    private readonly DeviceDatabases _databases;
    private readonly SyncPush _push;
    private readonly SyncPull _pull;
    private readonly SyncRecord _record;

    private EntityPhone(OperationsWorld world, string userId, string deviceId)
    {
        var options = new PortalOptions();
        options.Targets["staging"] = new TargetOptions { ConnectionString = world.Staging.RuntimeConnectionString, Primary = true };
        _databases = new DeviceDatabases(Options.Create(options));
        var entities = new SyncEntities(_databases, TimeProvider.System);
        Caller = new SyncCaller(userId, deviceId);
        (_push, _pull) = (new SyncPush(_databases, entities), new SyncPull(_databases, entities, world.Get<SyncLineage>(), new EntityProgress()));
        _record = new SyncRecord(_databases, entities, Microsoft.Extensions.Logging.Abstractions.NullLogger<SyncRecord>.Instance);
    }

    public SyncCaller Caller { get; }

    /// <summary>What the phone has, by entity and id.</summary>
    public Dictionary<(string Entity, string Id), PulledChange> Rows { get; } = [];

    public string? Cursor { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<EntityPhone> RegisterAsync(OperationsWorld world, string userId)
    {
        var deviceId = $"phone-{Interlocked.Increment(ref _count)}";
        var phone = new EntityPhone(world, userId, deviceId);
        await using var db = phone._databases.CreateDbContext();
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO public.devices (id, "userId", "deviceId", platform, "appVersion", "updatedAt") VALUES ({Ids.New()}, {userId}, {deviceId}, 'ios', '1.0.0', now())""", Token);
        return phone;
    }

    public static string NewId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _count)}";

    public async Task<IReadOnlyList<PushResult>> PushAsync(params object[] ops)
    {
        var outcome = await _push.PushAsync(Caller, new PushBatch(1, [.. ops.Select(op => JsonSerializer.SerializeToElement(op))]), Token);
        return Assert.IsType<PushOutcome.Done>(outcome).Results;
    }

    public async Task<PushResult> OneAsync(object op) => Assert.Single(await PushAsync(op));

    /// <summary>Reads to the end, and keeps what it read.</summary>
    public async Task<IReadOnlyList<PulledChange>> PullAsync(int limit = 500)
    {
        List<PulledChange> all = [];
        while (true)
        {
            var page = Assert.IsType<PullOutcome.Done>(await _pull.PullAsync(Caller, new PullWish(1, Cursor, limit), Token));
            all.AddRange(page.Changes);
            Cursor = page.Cursor;
            foreach (var change in page.Changes)
            {
                if (change.Deleted)
                    Rows.Remove((change.Entity, change.Id));
                else
                    Rows[(change.Entity, change.Id)] = change;
            }

            if (!page.HasMore)
                return all;
        }
    }

    /// <summary>As the endpoint notes a pull that reached the end while nothing waited on the phone.</summary>
    public Task RecordCaughtUpAsync() => _record.AddAsync(
        Caller, new SyncAnswer { Kind = SyncKind.Pull, Status = 200, Outbox = new DeviceOutbox(0, null), Head = 1, Sent = 1, Acknowledged = 1 }, TimeProvider.System, Token);

    public Task PurgeAsync() => new SyncPurge(_databases, new SyncEntities(_databases, TimeProvider.System)).RunAsync(Token);

    public async ValueTask DisposeAsync() => await _databases.DisposeAsync();
}
