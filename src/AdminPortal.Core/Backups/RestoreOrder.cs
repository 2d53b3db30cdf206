namespace AdminPortal.Core.Backups;

/// <summary>Where a backup is to be restored to.</summary>
/// <param name="Into">The name of a new database beside the target; null: in the target's place.</param>
/// <param name="DropsOld">True: the database that was in the target's place is dropped in the end, not kept under a dated name.</param>
/// <param name="AcceptsLosses">True: in the target's place even if owners, grants and the like cannot all be kept; the run names what was lost.</param>
public sealed record RestoreOrder(string? Into, bool DropsOld = false, bool AcceptsLosses = false);

/// <summary>The parameters of a run of <see cref="BackupRunKinds.Prove"/> or <see cref="BackupRunKinds.Restore"/>.</summary>
/// <summary>What a run that takes a backup needs to know.</summary>
/// <param name="Prove">True: it is restored into a scratch database at once.</param>
internal sealed record TakeParameters(bool Prove = false);

internal sealed record BackupParameters(string BackupId, RestoreOrder? Order = null);
