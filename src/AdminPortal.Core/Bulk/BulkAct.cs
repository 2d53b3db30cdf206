using AdminPortal.Data.Permissions;

namespace AdminPortal.Core.Bulk;

/// <summary>What can be done to many devices at once.</summary>
public enum BulkAct
{
    /// <summary>Ends pairings. The only one that cannot be taken back.</summary>
    Revoke,
    Quarantine,
    Release,

    /// <summary>Takes one scope away from working devices that hold it.</summary>
    TakeScope,

    /// <summary>Lets one scope that ends earlier hold until a later moment.</summary>
    ExtendScope,

    /// <summary>Gives a taken scope back until it would have ended; only to take <see cref="TakeScope"/> back.</summary>
    RestoreScope,

    /// <summary>Sets a scope's end back to what it was; only to take <see cref="ExtendScope"/> back.</summary>
    UnextendScope,
}

/// <summary>A bulk act with what it needs to know; the parameters of its run.</summary>
/// <param name="Scope">For the acts on scopes.</param>
/// <param name="Until">For <see cref="BulkAct.ExtendScope"/> (UTC); null: as long as each pairing lasts.</param>
public sealed record BulkOrder(BulkAct Act, PermissionScope? Scope = null, DateTimeOffset? Until = null);

/// <summary>An order for a frozen selection, as its run keeps it.</summary>
internal sealed record BulkParameters(string SelectionId, BulkOrder Order);
