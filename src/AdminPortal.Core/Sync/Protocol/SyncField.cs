namespace AdminPortal.Core.Sync.Protocol;

/// <summary>How a field travels and is stored.</summary>
internal enum SyncFieldType
{
    Text,

    /// <summary>ISO 8601 with an offset; stored in UTC to the millisecond.</summary>
    Time,

    /// <summary>A day, as <c>2030-01-31</c>.</summary>
    Date,

    /// <summary>A whole number of 32 bits.</summary>
    Number,

    /// <summary>A whole number of 64 bits.</summary>
    Whole,

    /// <summary>A number with decimals, exact.</summary>
    Exact,

    /// <summary>A number with decimals, near enough.</summary>
    Near,
    Truth,

    /// <summary>A UUID in lower case.</summary>
    Uuid,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>A list of texts, numbers or truths.</summary>
    List,

    /// <summary>The id of a row of another entity, of the same person.</summary>
    Parent,

    /// <summary>As PostgreSQL prints it; devices cannot write it.</summary>
    Other,
}

/// <summary>A field that devices get.</summary>
/// <param name="Name">In the API and as column of what the entity is read from.</param>
/// <param name="IsRequired">It cannot be null, and a create without <paramref name="Default"/> must bring it.</param>
/// <param name="Limit">The longest text in UTF-16 units, or the largest number.</param>
internal sealed record SyncField(string Name, SyncFieldType Type, bool IsRequired = false, long Limit = 0, object? Default = null)
{
    /// <summary>The texts that a device may set; null: any. What a host wrote may stay, whatever it is.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>True: devices get it, and may not write it.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True: a create without it is filled by the table.</summary>
    public bool HasDefault { get; init; }

    /// <summary>The column's type, where it is not the one that travels.</summary>
    public string? ColumnType { get; init; }

    /// <summary>Times are kept with their zone.</summary>
    public bool IsZoned { get; init; }

    /// <summary>The entity that it names a row of.</summary>
    public string? Parent { get; init; }

    /// <summary>Where an operation may name the parent by the id that a device gave it: <c>taskClientId</c> for <c>taskId</c>.</summary>
    public string ParentClientId => Name[..^2] + "ClientId";

    public string Column => $"\"{Name}\"";
}
