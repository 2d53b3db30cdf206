using AdminPortal.Core.Bulk;

namespace AdminPortal.Web.Bulk;

/// <summary>The acts on many devices that a person can choose.</summary>
internal static class BulkChoices
{
    public static IReadOnlyList<(BulkAct Act, string Text)> All { get; } =
    [
        (BulkAct.Quarantine, "Quarantine"),
        (BulkAct.Revoke, "Revoke"),
        (BulkAct.Release, "Release from quarantine"),
        (BulkAct.TakeScope, "Take a permission away"),
        (BulkAct.ExtendScope, "Extend a permission"),
    ];

    /// <summary>What the act does, and whether it can be taken back.</summary>
    public static IReadOnlyList<string> Effects(BulkAct act) => act switch
    {
        BulkAct.Revoke => ["Access stops with the next request of each device.", "Each has to be paired again with a new code.", "This cannot be undone."],
        BulkAct.Quarantine =>
            ["Access stops with the next request of each device.", "Permissions are kept.", "This can be undone: the run's page releases exactly these devices again."],
        BulkAct.Release => ["Each device works again at once, with what it had.", "This can be undone: the run's page quarantines exactly these devices again."],
        BulkAct.TakeScope => ["The permission stops with the next request of each device.", "This can be undone: the run's page gives it back until it would have expired."],
        _ => ["The permission holds longer; nowhere does it expire earlier than now.", "This can be undone: the run's page sets the earlier expiry back."],
    };

    public static bool IsScoped(BulkAct act) => act is BulkAct.TakeScope or BulkAct.ExtendScope;
}
