namespace AdminPortal.Core.Sync.Protocol;

/// <summary>The statements on the rows of one entity. Names come from its declaration, never from a request.</summary>
internal sealed class EntityStatements
{
    private readonly SyncEntity entity;
    private readonly EntityColumns columns;
    private readonly string all;

    public EntityStatements(SyncEntity entity)
    {
        (this.entity, columns) = (entity, entity.Columns);
        var (id, owner) = (columns.IdText, Text(columns.Owner, columns.OwnerType));
        var clientId = columns.ClientId is { } client ? Text(client, columns.ClientIdType!) : "NULL::text";
        var readable = string.Concat(entity.Fields.Select(f => $", {SyncValues.Read(f, f.Column)}"));
        var live = columns.DeletedAt is { } deleted ? $" AND {deleted} IS NULL" : "";
        Lock = $"""SELECT {id}, {clientId}{readable} FROM {entity.Table} WHERE {owner} = $1 AND {id} = ANY ($2){live} ORDER BY {columns.Id} FOR UPDATE""";
        Read = $"""
            SELECT {id}, {clientId}{readable}, "_n", "_whole" FROM (
                SELECT r.*, w.n AS "_n", sum(r."_size") OVER (ORDER BY w.n) - r."_size" AS "_before", sum(r."_size") OVER () AS "_whole"
                FROM unnest($2::text[]) WITH ORDINALITY AS w(id, n) CROSS JOIN LATERAL (
                    SELECT {string.Join(", ", Raw())}, {string.Join(" + ", entity.Fields.Select(Size).OfType<string>().DefaultIfEmpty("0"))} AS "_size" FROM {entity.Table} WHERE {owner} = $1 AND {id} = w.id{live} OFFSET 0
                ) r
            ) p WHERE "_before" < $3 ORDER BY "_n"
            """;
        Delete = columns.DeletedAt is null
            ? $"""DELETE FROM {entity.Table} WHERE {owner} = $1 AND {id} = ANY ($2)"""
            : $"""UPDATE {entity.Table} SET {columns.DeletedAt} = {columns.Deleted}{Touched()} WHERE {owner} = $1 AND {id} = ANY ($2) AND {columns.DeletedAt} IS NULL""";
        Revive = columns.DeletedAt is null ? null : $"""UPDATE {entity.Table} SET {columns.DeletedAt} = NULL{Touched()} WHERE {owner} = $1 AND {id} = $2 AND {columns.DeletedAt} IS NOT NULL""";
        NewIds = $"SELECT id FROM portal.sync_next_ids('{entity.Name}', $1) AS n(id)";
        all = Key(entity.Fields);
        (InsertAll, UpdateAll) = (MakeInsert(entity.Fields), MakeUpdate(entity.Fields));
    }

    /// <summary>Holds the person's rows of these ids, and reads id, client id and fields.</summary>
    public string Lock { get; }

    /// <summary>
    /// The same without holding them, in the order of the ids, up to so many bytes; with each row its place among the ids, and the size of
    /// all of them. Whatever a host keeps in its rows, no more than a page is read.
    /// </summary>
    public string Read { get; }

    public string Delete { get; }

    /// <summary>Takes the mark of a deletion away; null: rows are deleted for good.</summary>
    public string? Revive { get; }

    /// <summary>Ids from the host's own sequence.</summary>
    public string NewIds { get; }

    private string InsertAll { get; }

    private string UpdateAll { get; }

    public string Insert(IReadOnlyList<SyncField> fields) => Key(fields) == all ? InsertAll : MakeInsert(fields);

    public string Update(IReadOnlyList<SyncField> fields) => Key(fields) == all ? UpdateAll : MakeUpdate(fields);

    private IEnumerable<string> Raw() => [columns.Id, .. columns.ClientId is { } client ? [client] : Array.Empty<string>(), .. entity.Fields.Select(f => f.Column)];

    /// <summary>What PostgreSQL knows without reading the value. Null: next to nothing.</summary>
    private static string? Size(SyncField field) => field.Type switch
    {
        SyncFieldType.Text when field.Choices is null || field.ColumnType is null => $"coalesce(octet_length({SyncValues.Read(field, field.Column)}), 0)",
        SyncFieldType.Json or SyncFieldType.List or SyncFieldType.Other => $"coalesce(pg_column_size({field.Column}), 0)",
        _ => null,
    };

    private static string Key(IEnumerable<SyncField> fields) => string.Join(',', fields.Select(f => f.Name));

    private string MakeInsert(IReadOnlyList<SyncField> fields)
    {
        List<(string Column, string Value)> written =
        [
            (columns.Owner, Cast("$1", columns.OwnerType)), (columns.Id, Cast("v.id", columns.IdType)), .. One(columns.ClientId, Cast("v.\"clientId\"", columns.ClientIdType ?? "text")),
            .. fields.Select(f => (f.Column, SyncValues.Write(f, $"v.{f.Column}"))), .. One(columns.CreatedAt, columns.Created), .. One(columns.UpdatedAt, columns.Updated),
        ];
        return $"""
            INSERT INTO {entity.Table} ({string.Join(", ", written.Select(w => w.Column))}){(columns.HasSequence ? " OVERRIDING SYSTEM VALUE" : "")} SELECT {string.Join(", ", written.Select(w => w.Value))}
            FROM unnest({Arrays(fields)}) WITH ORDINALITY AS v(id, "clientId"{string.Concat(fields.Select(f => $", {f.Column}"))}, "_n") ORDER BY v."_n"
            """;
    }

    private string MakeUpdate(IReadOnlyList<SyncField> fields) => $"""
        UPDATE {entity.Table} t SET {string.Join(", ", fields.Select(f => $"{f.Column} = {Value(f)}"))}{Touched()}
        FROM unnest({Arrays(fields)}) AS v(id, "clientId"{string.Concat(fields.Select(f => $", {f.Column}"))}) WHERE t.{columns.IdText} = v.id AND {Text($"t.{columns.Owner}", columns.OwnerType)} = $1
        """;

    /// <summary>A time that was read as the nearest readable one and not changed stays what the host wrote.</summary>
    private static string Value(SyncField field) => field.Type == SyncFieldType.Time
        ? $"CASE WHEN v.{field.Column} IS DISTINCT FROM {SyncValues.Read(field, $"t.{field.Column}")} THEN {SyncValues.Write(field, $"v.{field.Column}")} ELSE t.{field.Column} END"
        : SyncValues.Write(field, $"v.{field.Column}");

    private static string Arrays(IEnumerable<SyncField> fields) => "$2::text[], $3::text[]" + string.Concat(fields.Select((f, i) => $", ${i + 4}::{SyncValues.Transport(f.Type)}[]"));

    private static (string, string)[] One(string? column, string value) => column is null ? [] : [(column, value)];

    private string Touched() => columns.UpdatedAt is null ? "" : $", {columns.UpdatedAt} = {columns.Updated}";

    private static string Text(string column, string type) => type == "text" ? column : $"{column}::text";

    private static string Cast(string value, string type) => type == "text" ? value : $"{value}::{type}";
}
