using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace AdminPortal.Core.Sync.Simulation;

/// <summary>A row as the device knows it from the server.</summary>
public sealed record LocalRow(string Entity, string Id, string? ClientId, long Version, JsonObject Fields);

/// <summary>An operation that waits on the device, as it will be sent.</summary>
public sealed record OutboxOp(string OpId, JsonObject Body);

/// <summary>
/// What a device has on its disk. Never changed, only replaced as a whole: an app that dies in the middle of anything comes back
/// with the one before.
/// </summary>
/// <param name="Rows">By entity and id.</param>
/// <param name="Ids">The server's ids of rows that this device made, by their client ids.</param>
/// <param name="Made">Client ids of rows that this device made and may not have sent yet, with their entity.</param>
public sealed record DeviceDisk(
    ImmutableDictionary<string, LocalRow> Rows, ImmutableDictionary<string, string> Ids, ImmutableDictionary<string, string> Made, ImmutableList<OutboxOp> Outbox,
    int Rejected = 0, string? Cursor = null, long Seen = 0)
{
    public static DeviceDisk Empty { get; } = new(
        ImmutableDictionary<string, LocalRow>.Empty, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, []);

    public static string Key(string entity, string id) => $"{entity}/{id}";

    /// <summary>Before it reads everything again. What it did offline stays.</summary>
    public DeviceDisk FromNothing() => this with { Rows = ImmutableDictionary<string, LocalRow>.Empty, Cursor = null, Seen = 0 };
}
