namespace AdminPortal.Core.Sync.Protocol;

/// <summary>How a field travels and is stored.</summary>
internal enum SyncFieldType
{
    Text,

    /// <summary>ISO 8601 with an offset; stored in UTC to the millisecond.</summary>
    Time,
    Number,

    /// <summary>The id of a task of the same person.</summary>
    Task,
}

/// <summary>A field that devices may write.</summary>
/// <param name="Name">In the API and as column.</param>
/// <param name="IsRequired">It cannot be null, and a create without <paramref name="Default"/> must bring it.</param>
/// <param name="Limit">The longest text in UTF-16 units, or the largest number.</param>
internal sealed record SyncField(string Name, SyncFieldType Type, bool IsRequired = false, int Limit = 0, object? Default = null)
{
    /// <summary>The texts that a device may set; null: any. What a host wrote may stay, whatever it is.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}
