using System.Text.Json;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What an operation does.</summary>
internal enum SyncAct
{
    Create,
    Update,
    Delete,
}

/// <summary>An operation of a device, read and checked on its own; whether it fits the data is found later.</summary>
/// <param name="Hash">SHA-256 of what it wants; <c>baseVersion</c> and <c>seq</c> are not part of that.</param>
/// <param name="Values">Normalised: text, UTC times to the millisecond, numbers.</param>
/// <param name="Named">The fields that the device sent; of a create, the others have their defaults in <paramref name="Values"/>.</param>
/// <param name="IfVersion">Applied only to this very version of the row; null: to any.</param>
/// <param name="Parents">By field, rows of other entities by the ids that the device gave them.</param>
internal sealed record SyncOp(
    string OpId, byte[] Hash, JsonElement Source, SyncEntity Entity, SyncAct Act, string? Id, string? ClientId, IReadOnlyDictionary<string, string> Parents, long BaseVersion,
    IReadOnlyDictionary<string, object?> Values, IReadOnlySet<string> Named, long? IfVersion = null);

/// <summary>An operation of a push as it was read: whole, or with what is wrong with it.</summary>
internal sealed record ReadOp(string OpId, byte[] Hash, JsonElement Source, SyncOp? Op, SyncProblem? Problem);
