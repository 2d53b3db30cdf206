using System.Threading.Channels;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Permissions;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Permissions;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>What open pages hear through the database, and what after its connection broke.</summary>
public sealed class DeviceChangeListenerTests(PairingDatabases databases) : PairingTest(databases)
{
    [Fact]
    public async Task Subscribe_WholeLifeOfADevice_HearsEachStep()
    {
        await using var listening = await StartAsync();
        var user = await World.NewPersonAsync();
        var code = await World.NewCodeAsync(user);
        DeviceChange session = new(user.UserId, null, code.SessionId);

        var claim = await World.ClaimedAsync(PairingWorld.Scan(code));
        Assert.Equal(session, await listening.NextAsync());
        await World.ConfirmAsync(user, claim);
        Assert.Equal(session, await listening.NextAsync());
        await World.CollectedAsync(claim);
        var paired = await listening.NextAsync();
        Assert.Equal(session, paired with { PairingId = null });
        Assert.NotNull(paired.PairingId);
        DeviceChange device = new(user.UserId, paired.PairingId, null);
        await World.Permissions.ReplaceAsync(user, paired.PairingId, [new ScopeGrant(PermissionScope.ViewTranscript)], Token);
        Assert.Equal(device, await listening.NextAsync());
        await World.Devices.RenameAsync(user, paired.PairingId, "Mine", Token);
        Assert.Equal(device, await listening.NextAsync());
        await World.Devices.RevokeAsync(user, paired.PairingId, null, Token);
        Assert.Equal(device, await listening.NextAsync());
    }

    [Fact]
    public async Task Subscribe_RevokedByAnotherPortal_HearsIt()
    {
        var other = NewWorld();
        var user = await other.NewPersonAsync();
        var phone = await other.PairAsync(user);
        await using var listening = await StartAsync();

        await other.Devices.RevokeAsync(user, phone.PairingId, null, Token);

        Assert.Equal(new DeviceChange(user.UserId, phone.PairingId, null), await listening.NextAsync());
    }

    [Fact]
    public async Task Subscribe_ConnectionTerminated_HearsEverythingAndThenGoesOn()
    {
        var user = await World.NewPersonAsync();
        var phone = await World.PairAsync(user);
        await using var listening = await StartAsync();

        await World.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'");

        Assert.Equal(DeviceChange.Everything, await listening.NextAsync());
        await World.Devices.RevokeAsync(user, phone.PairingId, null, Token);
        Assert.Equal(phone.PairingId, (await listening.NextAsync()).PairingId);
    }

    [Fact]
    public async Task Subscribe_MoreThanFiftyEndedAtOnce_HearsEverythingOnce()
    {
        var user = await World.NewPersonAsync();
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT $1 || n, $1, $1 || n, 'TABLET', 'sha256:' || $1 || n, now() + interval '1 day', now() FROM generate_series(1, 60) n
            """, user.UserId!);
        await using var listening = await StartAsync();

        Assert.Equal(60, await World.Devices.RevokeAllOthersAsync(user, user.UserId!, null, null, Token));

        Assert.Equal(DeviceChange.Everything, await listening.NextAsync());
        var next = await World.NewCodeAsync(user);
        await World.ClaimedAsync(PairingWorld.Scan(next));
        Assert.Equal(next.SessionId, (await listening.NextAsync()).SessionId);
    }

    [Fact]
    public async Task Subscribe_ForeignPayload_HearsEverything()
    {
        await using var listening = await StartAsync();

        await World.ExecuteAsync("SELECT pg_notify('portal_device_changes', 'not json')");

        Assert.Equal(DeviceChange.Everything, await listening.NextAsync());
    }

    [Fact]
    public async Task Subscribe_AnotherPageFails_StillHears()
    {
        await using var listening = await StartAsync(changes => changes.Subscribe(_ => throw new InvalidOperationException("a page's mistake")));

        await World.ExecuteAsync("SELECT pg_notify('portal_device_changes', 'not json')");
        await World.ExecuteAsync("SELECT pg_notify('portal_device_changes', '{}')");

        Assert.Equal(DeviceChange.Everything, await listening.NextAsync());
        Assert.Equal(DeviceChange.Everything, await listening.NextAsync());
    }

    /// <summary>A portal's listener with one page, past the first announcement that it listens.</summary>
    private async Task<Listening> StartAsync(Func<DeviceChanges, IDisposable>? before = null)
    {
        var changes = new DeviceChanges(NullLogger<DeviceChanges>.Instance);
        before?.Invoke(changes);
        var listening = new Listening(changes, new DeviceChangeListener(World.Databases, changes, TimeProvider.System, NullLogger<DeviceChangeListener>.Instance));
        await listening.StartAsync();
        return listening;
    }

    private sealed class Listening(DeviceChanges changes, DeviceChangeListener listener) : IAsyncDisposable
    {
        private readonly Channel<DeviceChange> _heard = Channel.CreateUnbounded<DeviceChange>();
        private IDisposable? _subscription;

        public async Task StartAsync()
        {
            _subscription = changes.Subscribe(change => _heard.Writer.TryWrite(change));
            await listener.StartAsync(Token);
            Assert.Equal(DeviceChange.Everything, await NextAsync());
        }

        public async Task<DeviceChange> NextAsync()
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
            timeout.CancelAfter(TimeSpan.FromSeconds(10));
            return await _heard.Reader.ReadAsync(timeout.Token);
        }

        public async ValueTask DisposeAsync()
        {
            _subscription?.Dispose();
            await listener.StopAsync(CancellationToken.None);
            listener.Dispose();
        }
    }
}
