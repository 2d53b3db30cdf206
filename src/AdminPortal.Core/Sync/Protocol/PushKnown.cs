namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What a push knows of the person's data while it holds it: rows by id, ids by client id, and creates that failed before.</summary>
internal sealed record PushKnown(
    Dictionary<(string Entity, string Id), SyncRow> Rows,
    Dictionary<(string Entity, string ClientId), string> Ids,
    HashSet<(string Entity, string ClientId)> Failed)
{
    /// <summary>For an attempt that may have to be forgotten.</summary>
    public PushKnown Copy() => new(new(Rows), new(Ids), [.. Failed]);

    public SyncRow? Find(SyncOp op) => FindId(op) is { } id ? Rows.GetValueOrDefault((op.Entity.Name, id)) : null;

    public string? FindId(SyncOp op) => op.Id ?? (op.ClientId is { } clientId ? Ids.GetValueOrDefault((op.Entity.Name, clientId)) : null);
}
