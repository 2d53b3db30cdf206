using System.Text.Json;

namespace AdminPortal.Core.Hosts;

/// <summary>An entity with what the catalogue said of its table when it was accepted. It is kept in the target's <c>portal.sync_entities</c> in JSON.</summary>
/// <param name="IdType">As <c>format_type</c> writes it: <c>text</c>, <c>uuid</c>, <c>bigint</c>.</param>
/// <param name="HasPlainId">True: the host's own key finds a row by the text of its id.</param>
/// <param name="IdSequence">The sequence that gives ids, as the catalogue writes it; null: the portal makes them.</param>
/// <param name="OwnerType">As <paramref name="IdType"/>.</param>
/// <param name="ClientIdType">Null: the table has no such column.</param>
/// <param name="DeletedAtType">Null: the table has no such column.</param>
/// <param name="CreatedAtType">Null: the table has no such column.</param>
/// <param name="UpdatedAtType">Null: the table has no such column.</param>
/// <param name="Constraints">By their names, the fields that a constraint is about.</param>
public sealed record HostEntity(
    EntityMapping Mapping, string IdType, bool HasPlainId, string? IdSequence, string OwnerType, string? ClientIdType, string? DeletedAtType, string? CreatedAtType, string? UpdatedAtType,
    IReadOnlyList<HostField> Fields, IReadOnlyDictionary<string, IReadOnlyList<string>> Constraints)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static HostEntity Parse(string json) => JsonSerializer.Deserialize<HostEntity>(json)!;
}

/// <summary>A field of an entity with the type of its column.</summary>
/// <param name="Type">As <c>format_type</c> writes it, with its schema where it is not PostgreSQL's own: <c>character varying(200)</c>, <c>public."TaskStatus"</c>.</param>
/// <param name="Kind">How it travels.</param>
/// <param name="Limit">The longest text in characters, or the largest number; 0: none.</param>
/// <param name="Choices">The labels of an enum; null: it is none.</param>
/// <param name="IsRequired">It is never null.</param>
/// <param name="HasDefault">A row that is created without it is filled by the table.</param>
public sealed record HostField(FieldMapping Mapping, string Type, HostFieldKind Kind, long Limit, IReadOnlyList<string>? Choices, bool IsRequired, bool HasDefault);

/// <summary>How the value of a column travels.</summary>
public enum HostFieldKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A time in UTC; the column is without a zone.</summary>
    Time,

    /// <summary>A time in UTC; the column is with a zone.</summary>
    ZonedTime,

    /// <summary>A day: <c>2030-01-31</c>.</summary>
    Date,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number with decimals, exact.</summary>
    Exact,

    /// <summary>A number with decimals, near enough.</summary>
    Near,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A UUID in lower case.</summary>
    Uuid,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>A list of texts or numbers.</summary>
    List,

    /// <summary>A type that devices cannot write: it is sent as PostgreSQL prints it.</summary>
    Other,
}
