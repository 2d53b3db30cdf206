namespace AdminPortal.Core.Tests.Pairing;

/// <summary>A test class with databases of its own and, for each test, a portal process of its own.</summary>
public abstract class PairingTest(PairingDatabases databases) : IClassFixture<PairingDatabases>, IAsyncDisposable
{
    private readonly List<PairingWorld> _others = [];

    private protected PairingWorld World { get; } = new(databases.DeviceConnection, databases.PortalConnection);

    private protected PairingDatabases Store { get; } = databases;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Another portal process on the same databases, configured otherwise.</summary>
    private protected PairingWorld NewWorld(Action<Core.Pairing.PairingOptions>? configure = null)
    {
        var world = new PairingWorld(Store.DeviceConnection, Store.PortalConnection, configure);
        _others.Add(world);
        return world;
    }

    /// <summary>All at the same time, each on a thread of the pool.</summary>
    private protected static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => call(i), Token)));

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        foreach (var world in _others)
            await world.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
