namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What devices work on, for the API's description.</summary>
public sealed record SyncShape(string Entity, IReadOnlyList<SyncShapeField> Fields)
{
    public static IReadOnlyList<SyncShape> All { get; } = [.. SyncEntity.All.Select(entity => new SyncShape(
        entity.Name,
        [.. entity.Fields.Select(f => new SyncShapeField(f.Name, f.Type == SyncFieldType.Time, f.Type == SyncFieldType.Number, f.IsRequired, f.Default is not null, f.Limit, f.Choices))]))];
}

/// <param name="IsRequired">It cannot be null.</param>
/// <param name="HasDefault">A create may leave it out although it is required.</param>
/// <param name="Limit">The longest text, or the largest number.</param>
/// <param name="Choices">The texts that a device may set; null: any.</param>
public sealed record SyncShapeField(string Name, bool IsTime, bool IsNumber, bool IsRequired, bool HasDefault, int Limit, IReadOnlyList<string>? Choices);
