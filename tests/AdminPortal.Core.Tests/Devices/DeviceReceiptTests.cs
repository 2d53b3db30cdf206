using AdminPortal.Core.Activity;
using AdminPortal.Core.Devices;
using AdminPortal.Core.Tests.Pairing;
using AdminPortal.Data.Activity;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminPortal.Core.Tests.Devices;

/// <summary>What happens after access has ended: connections cut on every portal instance, acknowledged, still calling.</summary>
public sealed class DeviceReceiptTests(PairingDatabases databases) : PairingTest(databases)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Revoked_WithLiveConnections_CutsThemAndCountsThem(bool quarantine)
    {
        await using var here = await InstanceAsync();
        await using var there = await InstanceAsync();
        var (owner, phone) = await PairedAsync();
        using var first = here.Streams.TryOpen(phone.PairingId, phone.SessionToken)!;
        using var second = there.Streams.TryOpen(phone.PairingId, phone.SessionToken)!;
        var (_, other) = await PairedAsync();
        using var untouched = here.Streams.TryOpen(other.PairingId, other.SessionToken)!;
        foreach (var stream in new[] { first, second, untouched })
            Assert.Equal("connected", await NextAsync(stream));

        _ = quarantine
            ? await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token)
            : await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        var word = quarantine ? "quarantined" : "revoked";
        Assert.Equal([word], await AllAsync(first));
        Assert.Equal([word], await AllAsync(second));
        var receipt = await ReceiptAsync(owner, phone, r => r.Cut == 2);
        Assert.NotNull(receipt.CutAt);
        Assert.True(receipt.CutAt - receipt.DeadAt < TimeSpan.FromSeconds(1), $"{receipt.CutAt - receipt.DeadAt}");
        Assert.False(untouched.Events.Completion.IsCompleted);
    }

    [Fact]
    public async Task Revoked_WithoutLiveConnection_SaysSo()
    {
        await using var here = await InstanceAsync();
        var (owner, phone) = await PairedAsync();

        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        Assert.Equal(0, (await ReceiptAsync(owner, phone, r => r.CutAt is not null)).Cut);
    }

    [Fact]
    public async Task Opened_AfterTheTokenDied_IsCutAtOnce()
    {
        await using var here = await InstanceAsync();
        var (owner, phone) = await PairedAsync();
        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);
        await ReceiptAsync(owner, phone, r => r.CutAt is not null);

        using var late = here.Streams.TryOpen(phone.PairingId, phone.SessionToken)!; // authenticated before, opened after

        Assert.Equal(["revoked"], await AllAsync(late));
        await ReceiptAsync(owner, phone, r => r.Cut == 1);
    }

    [Fact]
    public async Task PermissionsChanged_WithLiveConnection_TellsTheDevice()
    {
        await using var here = await InstanceAsync();
        var (owner, phone) = await PairedAsync();
        using var stream = here.Streams.TryOpen(phone.PairingId, phone.SessionToken)!;
        Assert.Equal("connected", await NextAsync(stream)); // said only once a change would be noticed

        await World.Devices.RenameAsync(owner, phone.PairingId, "Same permissions", Token);
        await World.Permissions.ReplaceAsync(owner, phone.PairingId, [], Token);

        Assert.Equal(DeviceStream.PermissionsChanged, await NextAsync(stream));
        Assert.False(stream.Events.TryRead(out _));
    }

    [Fact]
    public void TryOpen_ThirdOfADevice_IsRefusedUntilOneCloses()
    {
        var streams = new DeviceStreams();
        using var first = streams.TryOpen("pairing", "token")!;
        var second = streams.TryOpen("pairing", "token")!;

        Assert.Null(streams.TryOpen("pairing", "token"));
        Assert.NotNull(streams.TryOpen("another", "token"));
        second.Dispose();
        Assert.NotNull(streams.TryOpen("pairing", "token"));
    }

    [Fact]
    public async Task EndAsync_ManyWithoutConnections_CompletesAllReceipts()
    {
        await using var here = await InstanceAsync();
        var owner = await World.NewPersonAsync();
        await World.ExecuteAsync(
            """
            INSERT INTO public.device_pairings (id, "userId", "deviceId", "deviceType", "sessionToken", "expiresAt", "updatedAt")
            SELECT $1 || n, $1, $1 || n, 'TABLET', 'sha256:' || $1 || n, now() + interval '1 day', now() FROM generate_series(1, 200) n
            """, owner.UserId!);

        await World.Devices.RevokeAllOthersAsync(owner, owner.UserId!, null, null, Token);

        await WaitAsync(async () => await World.ScalarAsync<long>("""SELECT count(*) FROM portal.token_history WHERE "userId" = $1 AND "connectionsCutAt" IS NOT NULL""", owner.UserId!) == 200);
    }

    [Fact]
    public async Task AcknowledgeAsync_Revoked_IsNotedOnce()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.RevokeAsync(owner, phone.PairingId, null, Token);

        var first = Assert.IsType<AcknowledgeOutcome.Noted>(await World.Tokens.AcknowledgeAsync(phone.SessionToken, "192.0.2.7", Token));
        var second = Assert.IsType<AcknowledgeOutcome.Noted>(await World.Tokens.AcknowledgeAsync(phone.SessionToken, "192.0.2.8", Token));

        Assert.Equal(first.At, second.At);
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Acknowledged);
        Assert.Equal(first.At, (await ReceiptAsync(owner, phone, _ => true)).AcknowledgedAt);
    }

    [Fact]
    public async Task AcknowledgeAsync_TenAtOnce_WriteOneEvent()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);

        var outcomes = await AtOnceAsync(10, _ => World.Tokens.AcknowledgeAsync(phone.SessionToken, null, Token));

        Assert.Single(outcomes.OfType<AcknowledgeOutcome.Noted>().Select(o => o.At).Distinct());
        Assert.Single(await World.EventsAsync(owner), DeviceEventKind.Acknowledged);
        Assert.NotNull(await World.ScalarAsync<string>("""SELECT "acknowledgedAt"::text FROM portal.device_state WHERE "pairingId" = $1""", phone.PairingId));
    }

    [Fact]
    public async Task AcknowledgeAsync_EndedByAnotherProgram_BeginsTheReceipt()
    {
        var (owner, phone) = await PairedAsync();
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "isActive" = false WHERE id = $1""", phone.PairingId);

        Assert.IsType<AcknowledgeOutcome.Noted>(await World.Tokens.AcknowledgeAsync(phone.SessionToken, null, Token));
        Assert.NotNull((await ReceiptAsync(owner, phone, _ => true)).AcknowledgedAt);
    }

    [Fact]
    public async Task AcknowledgeAsync_WorkingExpiredOrUnknown_NotesNothing()
    {
        var (_, phone) = await PairedAsync();
        Assert.IsType<AcknowledgeOutcome.NothingEnded>(await World.Tokens.AcknowledgeAsync(phone.SessionToken, null, Token));
        await World.ExecuteAsync("""UPDATE public.device_pairings SET "expiresAt" = now() AT TIME ZONE 'utc' - interval '1 second' WHERE id = $1""", phone.PairingId);
        Assert.IsType<AcknowledgeOutcome.NothingEnded>(await World.Tokens.AcknowledgeAsync(phone.SessionToken, null, Token));
        Assert.IsType<AcknowledgeOutcome.Unknown>(await World.Tokens.AcknowledgeAsync("dvc_nobody", null, Token));
    }

    [Fact]
    public async Task AuthenticateAsync_DeadTokenCalls_AreCountedWhenFlushedAndAlsoBeyondTheLimit()
    {
        var world = NewWorld(options => options.Limits.CallsPerRevokedDevice = 3);
        var owner = await world.NewPersonAsync();
        var phone = await world.PairAsync(owner);
        await world.Devices.RevokeAsync(owner, phone.PairingId, null, Token);
        for (var i = 0; i < 5; i++)
            await world.Tokens.AuthenticateAsync(phone.SessionToken, new DeviceCall("192.0.2.7"), Token);
        await world.Tokens.AuthenticateAsync(phone.SessionToken, Token); // a service that asks is no call of the device
        await world.Tokens.AuthenticateAsync("dvc_nobody", new DeviceCall("192.0.2.9"), Token);
        Assert.Equal(0, (await ReceiptAsync(owner, phone, _ => true)).Calls);

        await world.Calls.FlushAsync(Token);
        await world.Calls.FlushAsync(Token);

        var receipt = await ReceiptAsync(owner, phone, _ => true);
        Assert.Equal((5, "192.0.2.7"), (receipt.Calls, receipt.LastCallAddress));
        Assert.NotNull(receipt.LastCallAt);
    }

    [Fact]
    public async Task FindAsync_Working_HasNoReceipt()
    {
        var (owner, phone) = await PairedAsync();
        await World.Devices.QuarantineAsync(owner, phone.PairingId, "lost", Token);
        await World.Devices.ReleaseAsync(owner, phone.PairingId, null, Token);

        Assert.Null((await new DeviceDetails(World.Databases).FindAsync(owner, phone.PairingId, Token))!.Receipt);
    }

    private async Task<(Actor Owner, PairedPhone Phone)> PairedAsync()
    {
        var owner = await World.NewPersonAsync();
        return (owner, await World.PairAsync(owner));
    }

    private async Task<DeviceReceipt> ReceiptAsync(Actor owner, PairedPhone phone, Func<DeviceReceipt, bool> condition)
    {
        DeviceReceipt? receipt = null;
        await WaitAsync(async () =>
        {
            receipt = (await new DeviceDetails(World.Databases).FindAsync(owner, phone.PairingId, Token))?.Receipt;
            return receipt is not null && condition(receipt);
        });
        return receipt!;
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(20, timeout.Token);
    }

    private static async Task<string> NextAsync(DeviceStream stream) => (await stream.Events.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token)).Word;

    /// <summary>All words until the connection is closed.</summary>
    private static async Task<IReadOnlyList<string>> AllAsync(DeviceStream stream)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        List<string> words = [];
        await foreach (var heard in stream.Events.ReadAllAsync(timeout.Token))
            words.Add(heard.Word);
        return words;
    }

    private async Task<Instance> InstanceAsync()
    {
        var changes = new DeviceChanges(NullLogger<DeviceChanges>.Instance);
        var streams = new DeviceStreams();
        var instance = new Instance(
            streams,
            new DeviceStreamKeeper(World.Databases, streams, changes, TimeProvider.System, NullLogger<DeviceStreamKeeper>.Instance),
            new DeviceChangeListener(World.Databases, changes, TimeProvider.System, NullLogger<DeviceChangeListener>.Instance));
        var listening = new TaskCompletionSource();
        using var first = changes.Subscribe(_ => listening.TrySetResult());
        await instance.StartAsync();
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        return instance;
    }

    /// <summary>The live connections of one portal instance.</summary>
    private sealed class Instance(DeviceStreams streams, DeviceStreamKeeper keeper, DeviceChangeListener listener) : IAsyncDisposable
    {
        public DeviceStreams Streams { get; } = streams;

        public async Task StartAsync()
        {
            await keeper.StartAsync(Token);
            await listener.StartAsync(Token);
        }

        public async ValueTask DisposeAsync()
        {
            await listener.StopAsync(CancellationToken.None);
            await keeper.StopAsync(CancellationToken.None);
            listener.Dispose();
            keeper.Dispose();
        }
    }
}
