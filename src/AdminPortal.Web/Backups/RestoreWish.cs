using AdminPortal.Core.Accounts;
using AdminPortal.Core.Backups;

namespace AdminPortal.Web.Backups;

/// <summary>What a person filled in to have a backup restored.</summary>
/// <param name="Confirmed">The target's name as it was typed; null: not asked for.</param>
/// <param name="Proof">As typed; null: nothing is asked for.</param>
public sealed record RestoreWish(RestoreOrder Order, string? Confirmed, string? Reason, FreshAnswer? Proof = null);
