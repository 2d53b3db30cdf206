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
        FROM unnest($2::text[]) AS w(id) CROSS JOIN unnest($3::text[]) AS e(entity)
        CROSS JOIN LATERAL (SELECT * FROM sync.client_ids WHERE "userId" = $1 AND entity = e.entity AND "clientId" = w.id OFFSET 0) i
        """;

    public const string FailedCreates = """
        SELECT DISTINCT r.entity, r."clientId"
        FROM unnest($2::text[]) AS w(id) CROSS JOIN unnest($3::text[] || ARRAY['unknown']) AS e(entity)
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

    /// <summary>Where the table has no column for it, what a device called a row stands with its change.</summary>
    public const string KeepClientIds = """
        UPDATE sync.changes c SET "clientId" = w.client FROM unnest($2::text[], $3::text[], $4::text[]) AS w(entity, id, client)
        WHERE c."userId" = $1 AND c.entity = w.entity AND c."entityId" = w.id
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

    /// <summary>Adds a statement with its parameters in order; null is the database's null of that type.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
}
