namespace AdminPortal.Core.Sync.Protocol;

/// <summary>The shape of what is synced. A client says which it knows; another one has to be updated, or waits for the portal to be.</summary>
internal static class SyncSchema
{
    public const int Current = 1;
}
