namespace AdminPortal.Core.Sync.Protocol;

/// <summary>Values that a conflict overwrote or refused. They are kept.</summary>
/// <param name="LosingDeviceId">Null: the writer was no device, or there were several.</param>
internal sealed record LostValues(
    string OpId, SyncEntity Entity, string EntityId, string? LosingDeviceId, IReadOnlyDictionary<string, object?> Values, bool ByDelete);
