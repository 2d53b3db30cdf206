namespace AdminPortal.Core.Jobs;

/// <summary>The portal's scheduled work: the words of <c>job_runs.job</c>, and the keys under <c>Jobs</c> in the configuration.</summary>
public static class JobNames
{
    public const string DevicePolicies = "device-policies";
    public const string ExpiringGrants = "expiring-grants";
    public const string Backups = "backups";
    public const string NightlyBackups = "nightly-backups";
    public const string SyncPurge = "sync-purge";
    public const string ExpiredPairings = "expired-pairings";
    public const string OldNotices = "old-notices";
    public const string EndedSessions = "ended-sessions";
    public const string UnusedSelections = "unused-selections";
    public const string Monitoring = "monitoring";
}
