namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What devices work on, for the API's description.</summary>
public sealed record SyncShape(string Entity, IReadOnlyList<SyncShapeField> Fields)
{
    internal static IReadOnlyList<SyncShape> Of(SyncEntitySet set) =>
        [.. (set.All.Count == 0 ? SyncEntitySet.OfTheGuides : set).All.Select(entity => new SyncShape(entity.Name, [.. entity.Fields.Select(SyncShapeField.Of)]))];
}

/// <summary>A field, in the words of JSON Schema.</summary>
/// <param name="Kind">string, integer, number, boolean, array, or json for any value.</param>
/// <param name="Format">date-time, date, uuid, or null.</param>
/// <param name="IsRequired">It cannot be null.</param>
/// <param name="IsWanted">A create has to bring it.</param>
/// <param name="IsReadOnly">Devices get it, and may not write it.</param>
/// <param name="Limit">The longest text, or the largest number; 0: none.</param>
/// <param name="Choices">The texts that a device may set; null: any.</param>
/// <param name="ParentClientId">Where an operation may name the row that it refers to by the id that a device gave it; null: it refers to none.</param>
public sealed record SyncShapeField(
    string Name, string Kind, string? Format, bool IsRequired, bool IsWanted, bool IsReadOnly, long Limit, IReadOnlyList<string>? Choices, string? ParentClientId)
{
    internal static SyncShapeField Of(SyncField field)
    {
        var (kind, format) = field.Type switch
        {
            SyncFieldType.Time => ("string", "date-time"),
            SyncFieldType.Date => ("string", "date"),
            SyncFieldType.Uuid => ("string", "uuid"),
            SyncFieldType.Number or SyncFieldType.Whole => ("integer", null),
            SyncFieldType.Exact or SyncFieldType.Near => ("number", null),
            SyncFieldType.Truth => ("boolean", null),
            SyncFieldType.Json => ("json", null),
            SyncFieldType.List => ("array", null),
            _ => ("string", (string?)null),
        };
        return new SyncShapeField(
            field.Name, kind, format, field.IsRequired, field is { IsRequired: true, Default: null, HasDefault: false, IsReadOnly: false, Parent: null }, field.IsReadOnly,
            field.Type is SyncFieldType.Text or SyncFieldType.Number or SyncFieldType.Parent ? field.Limit : 0, field.Choices, field.Parent is null ? null : field.ParentClientId);
    }
}
