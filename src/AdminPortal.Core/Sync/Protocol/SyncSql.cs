using Npgsql;

namespace AdminPortal.Core.Sync.Protocol;

/// <summary>
/// The statements of sync. Bare Npgsql as on the other calls of devices (docs/decisions/0010), and set-based: a push of a hundred
/// operations makes as many round trips as a push of one.
/// </summary>
internal static class SyncSql
{
    /// <summary>Gives versions to the oldest two thousand of the person's marks: what a host wrote by the hundred thousand holds no call up.</summary>
    public const string Stamp = "SELECT head, floor, nonce, more FROM sync.stamp($1, 2000, '{}')";

    /// <summary>The same, and to all marks of these rows.</summary>
    public const string StampRows = "SELECT head, floor, nonce, more FROM sync.stamp($1, 2000, $2)";

    /// <summary>What decides whether the device may sync, and how its state stands.</summary>
    public const string Gate = """
        SELECT d."userId", d."appVersion", m.epoch, m."minimumAppVersion", s."resyncRequestedAt" IS NOT NULL
        FROM sync.meta m LEFT JOIN public.devices d ON d."deviceId" = $1 LEFT JOIN sync.device_state s ON s."deviceId" = $1
        """;

    /// <summary>Who writes, and for how long it waits for a row that somebody else holds: whoever waits holds up all who come after.</summary>
    public const string Device = "SELECT set_config('sync.device', $1, true), set_config('lock_timeout', '1s', true)";

    /// <summary>The same patience for who writes nothing but versions.</summary>
    public const string Patience = "SELECT set_config('lock_timeout', '1s', true)";

    // OFFSET 0 keeps each of these a look-up by the whole key for every id. Left to itself, and without fresh statistics, PostgreSQL
    // reads everything that the person has and compares each row with each id.
    public const string Ledger = """
        SELECT o."opId", o."payloadHash", o.result::text
        FROM unnest($2::text[]) AS w(id) CROSS JOIN LATERAL (SELECT * FROM sync.ops WHERE "userId" = $1 AND "opId" = w.id OFFSET 0) o
        """;

    public const string ClientIds = """
        SELECT i.entity, i."clientId", i."entityId"
        FROM unnest($2::text[]) AS w(id) CROSS JOIN (VALUES ('task'), ('focusSession')) AS e(entity)
        CROSS JOIN LATERAL (SELECT * FROM sync.client_ids WHERE "userId" = $1 AND entity = e.entity AND "clientId" = w.id OFFSET 0) i
        """;

    public const string FailedCreates = """
        SELECT DISTINCT r.entity, r."clientId"
        FROM unnest($2::text[]) AS w(id) CROSS JOIN (VALUES ('task'), ('focusSession'), ('unknown')) AS e(entity)
        CROSS JOIN LATERAL (SELECT * FROM sync.rejections WHERE "userId" = $1 AND entity = e.entity AND "clientId" = w.id AND closed IS NULL OFFSET 0) r
        """;

    public const string Changes = """
        SELECT c.entity, c."entityId", c.version, c.deleted, c."fieldVersions"::text
        FROM unnest($2::text[], $3::text[]) AS w(entity, id)
        CROSS JOIN LATERAL (SELECT * FROM sync.changes WHERE "userId" = $1 AND entity = w.entity AND "entityId" = w.id OFFSET 0) c
        """;

    public const string AddClientIds = """
        INSERT INTO sync.client_ids ("userId", entity, "clientId", "entityId") SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING
        """;

    public const string AddToLedger = """
        INSERT INTO sync.ops ("userId", "opId", "payloadHash", result) SELECT $1, o.id, o.hash, o.result::jsonb FROM unnest($2::text[], $3::bytea[], $4::text[]) AS o(id, hash, result)
        """;

    public const string AddConflicts = """
        INSERT INTO sync.conflicts (id, "userId", "deviceId", entity, "entityId", "opId", "losingDeviceId", fields, losing, "byDelete")
        SELECT c.id, $1, $2, c.entity, c."entityId", c."opId", c.loser, string_to_array(c.fields, ','), c.losing::jsonb, c."byDelete"
        FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
            AS c(id, entity, "entityId", "opId", loser, fields, losing, "byDelete")
        """;

    public const string AddRejections = """
        INSERT INTO sync.rejections (id, "userId", "deviceId", "opId", entity, "entityId", "clientId", problem, detail, operation)
        SELECT r.id, $1, $2, r."opId", r.entity, r."entityId", r."clientId", r.problem, r.detail, r.operation
        FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
            AS r(id, "opId", entity, "entityId", "clientId", problem, detail, operation)
        """;

    private static readonly Dictionary<SyncEntity, (string Lock, string Insert, string Update, string Delete)> Tables = SyncEntity.All.ToDictionary(e => e, Of);

    /// <summary>A host may write any time that PostgreSQL has; devices get the nearest that a calendar has, but for its two ends, which Npgsql would write back as infinite.</summary>
    public static string Readable(string column) =>
        $"CASE WHEN {column} IS NOT NULL THEN least(greatest({column}, timestamp '0001-01-01 00:00:00.001'), timestamp '9999-12-31 23:59:59.999') END";

    public static string LockRows(SyncEntity entity) => Tables[entity].Lock;

    public static string InsertRows(SyncEntity entity) => Tables[entity].Insert;

    public static string UpdateRows(SyncEntity entity) => Tables[entity].Update;

    public static string DeleteRows(SyncEntity entity) => Tables[entity].Delete;

    /// <summary>Adds a statement with its parameters in order; null is the database's null of that type.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A column of values as an array that <c>unnest</c> takes.</summary>
    public static NpgsqlParameter Column(SyncFieldType type, IEnumerable<object?> values) => type switch
    {
        SyncFieldType.Time => P(values.Select(v => v is DateTime at ? DateTime.SpecifyKind(at, DateTimeKind.Unspecified) : (DateTime?)null).ToArray()),
        SyncFieldType.Number => P(values.Select(v => (int?)v).ToArray()),
        _ => P(values.Select(v => (string?)v).ToArray()),
    };

    public static object? Read(this NpgsqlDataReader reader, int column, SyncFieldType type) => reader.IsDBNull(column)
        ? null
        : type switch
        {
            SyncFieldType.Time => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc),
            SyncFieldType.Number => reader.GetInt32(column),
            _ => reader.GetString(column),
        };

    /// <summary>Names come from <see cref="SyncEntity"/>, never from a request.</summary>
    private static (string Lock, string Insert, string Update, string Delete) Of(SyncEntity entity)
    {
        var names = entity.Fields.Select(f => $"\"{f.Name}\"").ToList();
        var columns = string.Join(", ", names);
        var readable = string.Join(", ", entity.Fields.Select(f => f.Type == SyncFieldType.Time ? Readable($"\"{f.Name}\"") : $"\"{f.Name}\""));
        var arrays = string.Join(", ", entity.Fields.Select((f, i) => $"${i + 4}::{Type(f.Type)}[]"));
        return (
            $"""SELECT id, "clientId", {readable} FROM {entity.Table} WHERE "userId" = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE""",
            $"""
            INSERT INTO {entity.Table} ("userId", id, "clientId", {columns}, "createdAt", "updatedAt")
            SELECT $1, v.id, v."clientId", {string.Join(", ", names.Select(n => $"v.{n}"))}, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
            FROM unnest($2::text[], $3::text[], {arrays}) WITH ORDINALITY AS v(id, "clientId", {columns}, n) ORDER BY v.n
            """,
            $"""
            UPDATE {entity.Table} t SET {string.Join(", ", entity.Fields.Select(f => Set(f)))}, "updatedAt" = now() AT TIME ZONE 'utc'
            FROM unnest($2::text[], $3::text[], {arrays}) AS v(id, "clientId", {columns}) WHERE t.id = v.id AND t."userId" = $1
            """,
            $"""DELETE FROM {entity.Table} WHERE "userId" = $1 AND id = ANY ($2)""");
    }

    /// <summary>A time that was read as the nearest readable one and not changed stays what the host wrote.</summary>
    private static string Set(SyncField field) => field.Type == SyncFieldType.Time
        ? $"""
           "{field.Name}" = CASE WHEN v."{field.Name}" IS DISTINCT FROM {Readable($"t.\"{field.Name}\"")} THEN v."{field.Name}" ELSE t."{field.Name}" END
           """
        : $"""
           "{field.Name}" = v."{field.Name}"
           """;

    private static string Type(SyncFieldType type) => type switch
    {
        SyncFieldType.Time => "timestamp",
        SyncFieldType.Number => "integer",
        _ => "text",
    };
}
