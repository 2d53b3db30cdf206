namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a push knows of the person's data while it holds it: rows by id, ids by client id, and creates that failed before.</summary>
internal sealed record PushKnown(
    Dictionary<(string Entity, string Id), SyncRow> Rows,
    Dictionary<(string Entity, string ClientId), string> Ids,
    HashSet<(string Entity, string ClientId)> Failed)
{
    /// <summary>The version that the person's data had reached when the push began.</summary>
    public long Head { get; init; }

    /// <summary>Creates that wait for another operation, which has not come.</summary>
    public HashSet<(string Entity, string ClientId)> Missing { get; init; } = [];

    /// <summary>By operation, the ids that the database gave for new rows.</summary>
    public Dictionary<string, string> NewIds { get; init; } = new(StringComparer.Ordinal);

    /// <summary>For an attempt that may have to be forgotten.</summary>
    public PushKnown Copy() => new(new(Rows), new(Ids), [.. Failed]) { Head = Head, Missing = [.. Missing], NewIds = NewIds };

    /// <summary>What the device had seen. Of a version that was never given, such as one from before a restore, nothing is known: as if it had seen nothing.</summary>
    public long BaseOf(SyncOp op) => op.BaseVersion > Head ? 0 : op.BaseVersion;

    public SyncRow? Find(SyncOp op) => FindId(op) is { } id ? Rows.GetValueOrDefault((op.Entity.Name, id)) : null;

    /// <summary>The id that a create brings is a wish; whether its row is there is asked by client id.</summary>
    public string? FindId(SyncOp op) => (op.Act == SyncAct.Create ? null : op.Id) ?? (op.ClientId is { } clientId ? Ids.GetValueOrDefault((op.Entity.Name, clientId)) : null);
}
