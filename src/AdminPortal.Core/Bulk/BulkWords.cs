using AdminPortal.Core.Permissions;

namespace AdminPortal.Core.Bulk;

/// <summary>Bulk acts in people's words, and as the kinds of their runs.</summary>
public static class BulkWords
{
    /// <summary>What the act does, before a number of devices: “Quarantine 12 devices”.</summary>
    public static string Title(BulkOrder order, int devices)
    {
        var many = devices == 1 ? "1 device" : $"{devices:N0} devices";
        var scope = order.Scope is { } named ? ScopeLabels.Of(named) : "a permission";
        return order.Act switch
        {
            BulkAct.Revoke => $"Revoke {many}",
            BulkAct.Quarantine => $"Quarantine {many}",
            BulkAct.Release => $"Release {many}",
            BulkAct.TakeScope => $"Take “{scope}” from {many}",
            BulkAct.ExtendScope => $"Extend “{scope}” on {many}",
            BulkAct.RestoreScope => $"Give “{scope}” back to {many}",
            _ => $"Set the expiry of “{scope}” back on {many}",
        };
    }

    /// <summary>The word of <c>operation_runs.kind</c>.</summary>
    public static string Kind(BulkAct act) => act switch
    {
        BulkAct.Revoke => "devices.revoke",
        BulkAct.Quarantine => "devices.quarantine",
        BulkAct.Release => "devices.release",
        BulkAct.TakeScope => "scopes.take",
        BulkAct.ExtendScope => "scopes.extend",
        BulkAct.RestoreScope => "scopes.restore",
        _ => "scopes.unextend",
    };

    /// <summary>What takes the act back; null when nothing does.</summary>
    public static BulkAct? Undoing(BulkAct act) => act switch
    {
        BulkAct.Quarantine => BulkAct.Release,
        BulkAct.Release => BulkAct.Quarantine,
        BulkAct.TakeScope => BulkAct.RestoreScope,
        BulkAct.ExtendScope => BulkAct.UnextendScope,
        _ => null,
    };

    /// <summary>True when a run of this kind can be taken back.</summary>
    public static bool CanUndo(string kind) => Enum.GetValues<BulkAct>().Any(act => Kind(act) == kind && Undoing(act) is not null);
}
