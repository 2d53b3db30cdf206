namespace AdminPortal.Core.Backups;

/// <summary>Where a backup is to be restored to.</summary>
/// <param name="Into">The name of a new database beside the target; null: in the target's place.</param>
/// <param name="DropsOld">True: the database that was in the target's place is dropped in the end, not kept under a dated name.</param>
public sealed record RestoreOrder(string? Into, bool DropsOld = false);

/// <summary>The parameters of a run of <see cref="BackupRunKinds.Prove"/> or <see cref="BackupRunKinds.Restore"/>.</summary>
internal sealed record BackupParameters(string BackupId, RestoreOrder? Order = null);
