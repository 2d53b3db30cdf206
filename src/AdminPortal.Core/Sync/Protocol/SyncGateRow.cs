using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What decides whether a device may sync.</summary>
/// <param name="OwnerId">Whose the registered device is; null: it has not registered.</param>
internal sealed record SyncGateRow(string? OwnerId, string? AppVersion, string Epoch, string? MinimumAppVersion, bool ResyncRequested)
{
    /// <summary>Null: it may.</summary>
    public SyncRefusal? Refuse(string userId, int schemaVersion) => this switch
    {
        { OwnerId: null } => new SyncRefusal.NotRegistered(),
        _ when OwnerId != userId => new SyncRefusal.NotYours(),
        { MinimumAppVersion: { } minimum } when AppVersions.Compare(AppVersion!, minimum) < 0 => new SyncRefusal.Outdated(minimum),
        _ when schemaVersion < 1 => new SyncRefusal.Invalid("schemaVersion is missing: the shape of data that the app knows, 1 or more."),
        _ when schemaVersion > SyncSchema.Current => new SyncRefusal.PortalOutdated(SyncSchema.Current),
        _ => null,
    };

    public static async Task<SyncGateRow> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("sync.meta has no row: the migration add_sync_protocol was not completed.");
        }

        return new SyncGateRow(
            reader.IsDBNull(0) ? null : reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetBoolean(4));
    }
}
