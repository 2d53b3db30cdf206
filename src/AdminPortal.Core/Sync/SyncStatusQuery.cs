namespace AdminPortal.Core.Sync;

/// <summary>What the sync list can be sorted by.</summary>
public enum SyncSort
{
    LastSeen,
    User,
    LastSynced,
}

/// <summary>Which registered devices, in which order, from where, and how many (1–200).</summary>
/// <param name="Search">A part of the person's name or e-mail, or of the deviceId.</param>
/// <param name="Platform">As the device wrote it, in any case.</param>
/// <param name="AppVersion">As the device wrote it.</param>
public sealed record SyncStatusQuery(
    string? Search = null, SyncVerdict? Verdict = null, string? Platform = null, string? AppVersion = null, SyncSort Sort = SyncSort.LastSeen, bool Descending = true,
    string? Cursor = null, int Limit = 50);
