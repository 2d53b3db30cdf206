using AdminPortal.Core.Hosts;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>What devices work on offline: its table or view, and the fields. Limits are the API's where the columns have none.</summary>
internal sealed record SyncEntity(string Name, string Table, IReadOnlyList<SyncField> Fields)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoConstraints = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
    private EntityStatements? statements;

    /// <summary>What its fields must be together: the field that is not, and why; null: all is well.</summary>
    public Func<IReadOnlyDictionary<string, object?>, string?> Rule { get; init; } = _ => null;

    /// <summary>Where its rows have their ids, owners and times.</summary>
    public EntityColumns Columns { get; init; } = EntityColumns.OfTheGuides;

    /// <summary>By name, the fields that a constraint of the table is about.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Constraints { get; init; } = NoConstraints;

    public EntityStatements Statements => statements ??= new EntityStatements(this);

    public IEnumerable<SyncField> Parents => Fields.Where(f => f.Parent is not null);

    public SyncField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public static SyncEntity Of(HostEntity host) => new(host.Mapping.Name, EntitySql.ViewName(host.Mapping.Name), [.. host.Fields.Select(Of)])
    {
        Columns = EntityColumns.Of(host),
        Constraints = host.Constraints,
    };

    private static SyncField Of(HostField field) => new(field.Mapping.Name, field.Mapping.Parent is not null ? SyncFieldType.Parent : TypeOf(field), field.IsRequired, field.Mapping.Parent is not null ? 100 : field.Limit)
    {
        Choices = field.Choices,
        IsReadOnly = field.Mapping.ReadOnly,
        HasDefault = field.HasDefault,
        ColumnType = field.Type == "text" || (field.Mapping.Parent is null && field.Type is "timestamp without time zone" or "integer") ? null : EntityColumns.WithoutLength(field.Type),
        IsZoned = field.Kind == HostFieldKind.ZonedTime,
        Parent = field.Mapping.Parent,
    };

    private static SyncFieldType TypeOf(HostField field) => field.Kind switch
    {
        HostFieldKind.Text => SyncFieldType.Text,
        HostFieldKind.Time or HostFieldKind.ZonedTime => SyncFieldType.Time,
        HostFieldKind.Date => SyncFieldType.Date,
        HostFieldKind.Whole => SyncFieldType.Whole,
        HostFieldKind.Exact => SyncFieldType.Exact,
        HostFieldKind.Near => SyncFieldType.Near,
        HostFieldKind.Truth => SyncFieldType.Truth,
        HostFieldKind.Uuid => SyncFieldType.Uuid,
        HostFieldKind.Json => SyncFieldType.Json,
        HostFieldKind.List => SyncFieldType.List,
        _ => SyncFieldType.Other,
    };
}

/// <summary>The columns of an entity beside its fields, quoted; null: it has none such.</summary>
/// <param name="IdText">The id as text, as the index has it that finds it.</param>
/// <param name="IdType">As PostgreSQL writes it; <c>text</c> needs no cast.</param>
/// <param name="HasSequence">The database gives new rows their ids.</param>
/// <param name="Created">How the time of creation is written.</param>
/// <param name="Updated">How the time of the last change is written.</param>
/// <param name="Deleted">How a deletion is written; null: the row goes.</param>
/// <param name="IsDeclared">It is read through a view, and only what changed is written.</param>
internal sealed record EntityColumns(
    string Id, string IdText, string Owner, string? ClientId, string? CreatedAt, string? UpdatedAt, string? DeletedAt, string IdType, string OwnerType, string? ClientIdType, bool HasSequence, string Created, string Updated,
    string Deleted, bool IsDeclared)
{
    private const string Utc = "now() AT TIME ZONE 'utc'";

    public static EntityColumns OfTheGuides { get; } = new("id", "id", "\"userId\"", "\"clientId\"", "\"createdAt\"", "\"updatedAt\"", null, "text", "text", "text", HasSequence: false, Utc, Utc, Utc, IsDeclared: false);

    public static EntityColumns Of(HostEntity host) => new(
        "\"_id\"", host switch { { HasPlainId: false } => "\"_id\"::text COLLATE \"default\"", { IdType: "text" } => "\"_id\"", _ => "\"_id\"::text" }, "\"_userId\"", host.ClientIdType is null ? null : "\"_clientId\"", host.CreatedAtType is null ? null : "\"_createdAt\"", host.UpdatedAtType is null ? null : "\"_updatedAt\"",
        host.DeletedAtType is null ? null : "\"_deletedAt\"", WithoutLength(host.IdType), WithoutLength(host.OwnerType), host.ClientIdType is { } client ? WithoutLength(client) : null, host.IdSequence is not null, Now(host.CreatedAtType), Now(host.UpdatedAtType), Now(host.DeletedAtType),
        IsDeclared: true);

    /// <summary>A cast to a type with a length cuts off silently what is longer; without it, the column refuses.</summary>
    public static string WithoutLength(string type) => type.StartsWith("character varying", StringComparison.Ordinal) ? "character varying" : type.StartsWith("character(", StringComparison.Ordinal) ? "bpchar" : type;

    private static string Now(string? type) => type?.Contains("with time zone", StringComparison.Ordinal) == true ? "now()" : Utc;
}
